import type { DeadLetterView } from '../../src/contract.ts';
import { formatCount, formatTime } from '../lib/format.ts';
import { pipeline } from '../lib/live.ts';
import { place, show } from '../lib/url-state.ts';
import { useReply } from '../lib/use-reply.ts';

/** Records that could not be used: the reason, their bytes, and the fix. */
export function DeadLetters() {
  const { query } = place.value;
  const reason = query.get('reason') ?? undefined;
  const stage = query.get('stage') ?? undefined;
  const count = pipeline.value.state?.totals.deadLetters ?? 0;
  const { reply, problem } = useReply('dead-letters', () => ({ reason, stage, limit: 100 }), [
    reason,
    stage,
    count,
  ]);
  return (
    <section class="panel" aria-label="Dead letters">
      <header>
        <h2>Dead letters</h2>
        <span class="facts">records that Highwater could not process, kept with the reason</span>
      </header>
      {problem && <p class="banner">{problem}</p>}
      {reply?.unreadable.map(({ file, linesCount }) => (
        <p key={file} class="banner">
          {file}: {formatCount(linesCount)} lines are incomplete or damaged and are not shown.
        </p>
      ))}
      {reply && reply.letters.length === 0 && reply.unreadable.length === 0 && (
        <p class="quiet-note">None. Highwater could process every record.</p>
      )}
      {reply && reply.reasons.length > 0 && (
        <div class="chips">
          <button
            type="button"
            class="chip"
            aria-pressed={reason === undefined}
            onClick={() => show({ reason: null, stage: null })}
          >
            all
          </button>
          {reply.reasons.map((each) => (
            <button
              key={`${each.stage} ${each.reason}`}
              type="button"
              class="chip"
              aria-pressed={each.reason === reason && each.stage === stage}
              onClick={() => show({ reason: each.reason, stage: each.stage })}
            >
              {each.reason} <b>{each.lettersCount}</b> <span class="muted">{each.stage}</span>
            </button>
          ))}
        </div>
      )}
      <ul class="letters">
        {reply?.letters.map((letter) => (
          <Letter key={`${sequenceOf(letter)} ${letter.time}`} letter={letter} />
        ))}
      </ul>
    </section>
  );
}

function Letter({ letter }: { readonly letter: DeadLetterView }) {
  const { payload, elements } = letter;
  return (
    <li>
      <details>
        <summary>
          <span class="mono">{formatTime(Date.parse(letter.time))}</span>
          <b>{letter.reason}</b>
          <span class="muted">{letter.stage}</span>
          {elements && <b>{formatCount(elements.refused)} ×</b>}
          <span class="detail">{letter.detail}</span>
        </summary>
        <div class="letter">
          <p class="advice">{letter.advice}</p>
          {elements && <p class="refused">{refusedText(elements, payload.elementsShown ?? 0)}</p>}
          <pre tabIndex={0}>{payload.text}</pre>
          <p class="muted">
            {payload.sizeBytes} bytes as {payload.kind} · {letter.stream} · {letter.shardId} ·
            sequence {sequenceOf(letter)} · arrived {formatTime(Date.parse(letter.arrivalTime))}
          </p>
        </div>
      </details>
    </li>
  );
}

/** The affected elements of the record, with the reason for each. */
function refusedText(
  elements: NonNullable<DeadLetterView['elements']>,
  shownCount: number,
): string {
  const { refused, ranges, unlisted = 0, reasons } = elements;
  const places = ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  const others = unlisted > 0 ? ` and ${formatCount(unlisted)} more` : '';
  const whys = Object.entries(reasons).map(([reason, count]) => `${reason} ${formatCount(count)}`);
  const shown = shownCount > 0 ? ` The first ${formatCount(shownCount)} of them:` : '';
  return `${formatCount(refused)} elements of the record are invalid (${whys.join(', ')}): ${places.join(', ')}${others}, counted from 0.${shown}`;
}

/** Includes the sub-record inside an aggregate, in the format of `highwater leases`. */
function sequenceOf({ sequenceNumber, subSequenceNumber: sub }: DeadLetterView): string {
  return sub === undefined ? sequenceNumber : `${sequenceNumber}/${sub}`;
}
