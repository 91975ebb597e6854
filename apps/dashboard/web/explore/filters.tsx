import { useState } from 'preact/hooks';
import { show } from '../lib/url-state.ts';
import { Icon } from '../parts/icon.tsx';
import { choice } from './choice.ts';
import { FoundValues, Values, prepareSearch, toggleValue } from './values.tsx';

/** Narrows the series down: by a search over all dimensions, or dimension by dimension. */
export function Filters({ dimensions }: { readonly dimensions: readonly string[] }) {
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const isSearching = search.trim().length > 1;
  return (
    <section>
      <h2>Series</h2>
      <input
        type="search"
        placeholder="Find a host, a region, … ( / )"
        aria-label="Find series by any dimension"
        data-search=""
        value={search}
        onFocus={prepareSearch}
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      <Chosen />
      {isSearching ? (
        <FoundValues search={search.trim()} />
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
              {open === name && <Values dimension={name} />}
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
            <span class="sr">remove</span>
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
