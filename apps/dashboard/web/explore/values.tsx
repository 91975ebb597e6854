import { useEffect, useState } from 'preact/hooks';
import type { SearchReply, ValuesReply } from '../../src/contract.ts';
import { ask } from '../lib/api.ts';
import { formatCount } from '../lib/format.ts';
import { currentSpan } from '../lib/range.ts';
import { show } from '../lib/url-state.ts';
import { choice, whereOf } from './choice.ts';

/** Between the last key and the question: the server has the values at hand. */
const typingMs = 50;

/** What the values are asked for: the series that are chosen now. */
function seriesChoice() {
  const { filters, measures, aggregates } = choice.value;
  return { filters, measures: [...measures, ...aggregates] };
}

/** Lets the server read what a search is about to look through. */
export function prepareSearch(): void {
  ask('search', { ...currentSpan(), ...seriesChoice(), search: '', limit: 1 }).catch(
    () => undefined,
  );
}

/** Takes a value into the choice of series, or out of it. */
export function toggleValue(name: string, value: string): void {
  const { filters } = choice.peek();
  const own = filters[name] ?? [];
  const next = own.includes(value) ? own.filter((each) => each !== value) : [...own, value];
  show({ where: whereOf({ ...filters, [name]: next }) }, true);
}

/** The values of one dimension, with how many points each has. */
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
            <span class="count" title="points in the range">
              {formatCount(pointsCount)}
            </span>
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

/** Asks again whenever the question changes; the answer before stays until there is another. */
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
