import { useEffect, useState } from 'preact/hooks';
import type { ValuesReply } from '../../src/contract.ts';
import { ask } from '../lib/api.ts';
import { formatCount } from '../lib/format.ts';
import { currentSpan } from '../lib/range.ts';
import { show } from '../lib/url-state.ts';
import { Icon } from '../parts/icon.tsx';
import { choice, whereOf } from './choice.ts';

/** Between the last key and the question. */
const typingMs = 180;

/** Narrows the series down: by a search over all dimensions, or dimension by dimension. */
export function Filters({ dimensions }: { readonly dimensions: readonly string[] }) {
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const isSearching = search.trim().length > 1;
  const shown = isSearching ? dimensions : dimensions.filter((name) => name === open);
  return (
    <section>
      <h2>Series</h2>
      <input
        type="search"
        placeholder="Find a host, region, … ( / )"
        aria-label="Find series by any dimension"
        data-search=""
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      <Chosen />
      {isSearching ? (
        shown.map((name) => <Values key={name} dimension={name} search={search.trim()} isQuiet />)
      ) : (
        <ul class="dimensions">
          {dimensions.map((name) => (
            <li key={name}>
              <button
                type="button"
                aria-expanded={open === name}
                onClick={() => setOpen(open === name ? null : name)}
              >
                {name}
                {(choice.value.filters[name]?.length ?? 0) > 0 && (
                  <b>{choice.value.filters[name]?.length}</b>
                )}
              </button>
              {open === name && <Values dimension={name} search="" />}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Chosen() {
  const { filters } = choice.value;
  const all = Object.entries(filters).flatMap(([name, values]) =>
    values.map((value) => ({ name, value })),
  );
  if (all.length === 0) return null;
  return (
    <ul class="chosen" aria-label="Chosen">
      {all.map(({ name, value }) => (
        <li key={`${name}:${value}`}>
          <button type="button" title={name} onClick={() => toggleValue(name, value)}>
            <span>{value}</span>
            <Icon name="close" />
            <span class="sr">take away</span>
          </button>
        </li>
      ))}
      <li>
        <button type="button" class="quiet" onClick={() => show({ where: null }, true)}>
          Clear
        </button>
      </li>
    </ul>
  );
}

function Values({
  dimension,
  search,
  isQuiet = false,
}: {
  readonly dimension: string;
  readonly search: string;
  /** Shows nothing at all when nothing is found. */
  readonly isQuiet?: boolean;
}) {
  const [reply, setReply] = useState<ValuesReply | null>(null);
  const { filters, measures, aggregates } = choice.value;
  const question = JSON.stringify({
    dimension,
    search,
    filters,
    measures: [...measures, ...aggregates],
  });
  useEffect(() => {
    const overtaken = new AbortController();
    const timer = setTimeout(
      () => {
        const body = {
          ...currentSpan(),
          ...(JSON.parse(question) as object),
          limit: isQuiet ? 6 : 50,
        };
        ask<ValuesReply>('values', body, overtaken.signal)
          .then(setReply)
          .catch(() => undefined);
      },
      search === '' ? 0 : typingMs,
    );
    return () => {
      clearTimeout(timer);
      overtaken.abort();
    };
  }, [question]);
  if (!reply) return isQuiet ? null : <p class="muted">Looking …</p>;
  if (reply.values.length === 0) return isQuiet ? null : <p class="muted">No values</p>;
  const chosen = filters[dimension] ?? [];
  return (
    <div class="values">
      {isQuiet && <h3>{dimension}</h3>}
      <ul>
        {reply.values.map(({ value, pointsCount }) => (
          <li key={value}>
            <label class="toggle">
              <input
                type="checkbox"
                checked={chosen.includes(value)}
                onChange={() => toggleValue(dimension, value)}
              />
              <span title={value}>{value}</span>
            </label>
            <span class="count">{formatCount(pointsCount)}</span>
          </li>
        ))}
      </ul>
      {reply.isTruncated && <p class="muted">and more: search for them</p>}
    </div>
  );
}

function toggleValue(name: string, value: string): void {
  const { filters } = choice.peek();
  const own = filters[name] ?? [];
  const next = own.includes(value) ? own.filter((each) => each !== value) : [...own, value];
  show({ where: whereOf({ ...filters, [name]: next }) }, true);
}
