import { useEffect, useState } from 'preact/hooks';
import type { SearchReply, ValuesReply } from '../../src/contract.ts';
import { ask } from '../lib/api.ts';
import { currentSpan } from '../lib/range.ts';
import { show } from '../lib/url-state.ts';
import { choice, whereOf } from './choice.ts';

/**
 * Delay between the last keystroke and the request. It is short because the server has the values
 * in memory.
 */
const typingMs = 50;

/** The filter for the values: the currently chosen series. */
function seriesChoice() {
  const { filters, measures, aggregates } = choice.value;
  return { filters, measures: [...measures, ...aggregates] };
}

/** Makes the server read the values that a search is about to need. */
export function prepareSearch(): void {
  ask('search', { ...currentSpan(), ...seriesChoice(), search: '', limit: 1 }).catch(
    () => undefined,
  );
}

/** Adds a value to the choice of series, or removes it. */
export function toggleValue(name: string, value: string): void {
  const { filters } = choice.peek();
  const own = filters[name] ?? [];
  const next = own.includes(value) ? own.filter((each) => each !== value) : [...own, value];
  show({ where: whereOf({ ...filters, [name]: next }) }, true);
}

/** The values of one dimension. */
export function Values({ dimension }: { readonly dimension: string }) {
  const reply = useAnswer('values', { ...seriesChoice(), dimension }, 0);
  if (!reply) return <p class="muted">Loading…</p>;
  if (reply.values.length === 0) return <p class="muted">No values</p>;
  return (
    <div class="values">
      <ValueList dimension={dimension} reply={reply} />
    </div>
  );
}

/** The values of all dimensions that contain a text. */
export function FoundValues({ search }: { readonly search: string }) {
  const reply = useAnswer('search', { ...seriesChoice(), search }, typingMs);
  if (!reply) return <p class="muted">Loading…</p>;
  if (reply.dimensions.length === 0) return <p class="muted">No dimension contains this text.</p>;
  return (
    <>
      {reply.dimensions.map((found) => (
        <div key={found.dimension} class="values">
          <h3>{found.dimension}</h3>
          <ValueList dimension={found.dimension} reply={found} />
        </div>
      ))}
    </>
  );
}

function ValueList({
  dimension,
  reply,
}: {
  readonly dimension: string;
  readonly reply: ValuesReply;
}) {
  const chosen = choice.value.filters[dimension] ?? [];
  return (
    <>
      <ul>
        {reply.values.map((value) => (
          <li key={value}>
            <label class="toggle">
              <input
                type="checkbox"
                checked={chosen.includes(value)}
                onChange={() => toggleValue(dimension, value)}
              />
              <span title={value}>{value}</span>
            </label>
          </li>
        ))}
      </ul>
      {reply.isTruncated && <p class="muted">More values exist. Search to narrow the list.</p>}
    </>
  );
}

interface Answers {
  readonly values: ValuesReply;
  readonly search: SearchReply;
}

/** Asks again whenever the request changes. The previous answer stays until there is another. */
function useAnswer<Path extends keyof Answers>(
  path: Path,
  body: object,
  waitMs: number,
): Answers[Path] | null {
  const [reply, setReply] = useState<Answers[Path] | null>(null);
  const question = JSON.stringify(body);
  useEffect(() => {
    const overtaken = new AbortController();
    const timer = setTimeout(() => {
      ask<Answers[Path]>(
        path,
        { ...currentSpan(), ...(JSON.parse(question) as object) },
        overtaken.signal,
      )
        .then(setReply)
        .catch(() => undefined);
    }, waitMs);
    return () => {
      clearTimeout(timer);
      overtaken.abort();
    };
  }, [path, question]);
  return reply;
}
