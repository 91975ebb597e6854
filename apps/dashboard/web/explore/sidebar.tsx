import { useState } from 'preact/hooks';
import type { MeasureInfo, MeasuresReply } from '../../src/contract.ts';
import { show } from '../lib/url-state.ts';
import { choice } from './choice.ts';
import { Filters } from './filters.tsx';

/** Chooses measures, aggregates, and series. */
export function Sidebar({
  known,
  isLoading,
}: {
  readonly known: MeasuresReply;
  readonly isLoading: boolean;
}) {
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const raw = known.measures.filter(
    ({ isView, isNumber, name }) =>
      !isView && isNumber && (wanted === '' || name.toLowerCase().includes(wanted)),
  );
  const views = known.measures.filter(({ isView }) => isView);
  const rows = raw.map((measure) => ({
    measure,
    own: views.filter(({ name }) => name.endsWith(`_${measure.name}`)),
  }));
  // Aggregates that are not named after a measure are listed on their own.
  const rawNames = known.measures.filter(({ isView }) => !isView).map(({ name }) => name);
  const alone = views.filter(
    ({ name }) =>
      !rawNames.some((measure) => name.endsWith(`_${measure}`)) &&
      name.toLowerCase().includes(wanted),
  );
  return (
    <aside class="sidebar" aria-label="Data to show">
      <section>
        <h2>Measures</h2>
        <input
          type="search"
          placeholder="Find a measure"
          aria-label="Find a measure"
          data-search={Object.keys(choice.value.filters).length === 0 ? undefined : ''}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        {isLoading && <p class="muted">Loading…</p>}
        <ul class="measures">
          {rows.map(({ measure, own }) => (
            <MeasureRow key={measure.name} measure={measure} aggregates={own} />
          ))}
          {alone.map((measure) => (
            <li key={measure.name}>
              <Toggle name="a" value={measure.name} label={measure.name} />
            </li>
          ))}
        </ul>
      </section>
      <Filters dimensions={known.dimensions} />
    </aside>
  );
}

function MeasureRow({
  measure,
  aggregates,
}: {
  readonly measure: MeasureInfo;
  readonly aggregates: readonly MeasureInfo[];
}) {
  return (
    <li>
      <Toggle name="m" value={measure.name} label={measure.name} />
      <span class="chips">
        {aggregates.map(({ name }) => (
          <Chip
            key={name}
            value={name}
            label={name.slice(0, -measure.name.length - 1)}
            measure={measure.name}
          />
        ))}
      </span>
    </li>
  );
}

function Toggle({
  name,
  value,
  label,
}: {
  readonly name: 'm' | 'a';
  readonly value: string;
  readonly label: string;
}) {
  const chosen = name === 'm' ? choice.value.measures : choice.value.aggregates;
  return (
    <label class="toggle">
      <input
        type="checkbox"
        checked={chosen.includes(value)}
        onChange={() => show({ [name]: toggled(chosen, value) }, true)}
      />
      <span>{label}</span>
    </label>
  );
}

function Chip({
  value,
  label,
  measure,
}: {
  readonly value: string;
  readonly label: string;
  readonly measure: string;
}) {
  const { measures, aggregates } = choice.value;
  return (
    <button
      type="button"
      class="chip"
      aria-pressed={aggregates.includes(value)}
      title={`Show ${value} together with ${measure}`}
      onClick={() => {
        const isAdded = !aggregates.includes(value);
        const raw = isAdded && !measures.includes(measure) ? [...measures, measure] : measures;
        show({ m: raw, a: toggled(aggregates, value) }, true);
      }}
    >
      {label}
    </button>
  );
}

function toggled(values: readonly string[], value: string): readonly string[] {
  return values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
}
