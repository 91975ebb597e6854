import { useState } from 'preact/hooks';
import { isUtc } from '../lib/format.ts';
import { pan, zoom } from '../lib/keys.ts';
import { currentSpan, presets, range, showPreset, showSpan } from '../lib/range.ts';
import { Icon } from './icon.tsx';

/** Chooses the time: the last hours, or from one moment to another. */
export function RangeBar() {
  const chosen = range.value;
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="rangebar">
      <div class="segments" role="group" aria-label="Time range">
        {presets.map(({ name, label }) => (
          <button
            key={name}
            type="button"
            aria-pressed={chosen.kind === 'moving' && chosen.name === name}
            onClick={() => showPreset(name)}
          >
            {label}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={chosen.kind === 'fixed'}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          From – to
        </button>
      </div>
      <div class="segments" role="group" aria-label="Move or zoom the range">
        <button type="button" aria-label="Move to earlier" onClick={() => pan(-0.5)}>
          <Icon name="left" />
        </button>
        <button type="button" aria-label="Move to later" onClick={() => pan(0.5)}>
          <Icon name="right" />
        </button>
        <button type="button" aria-label="Zoom in" onClick={() => zoom(0.5)}>
          <Icon name="plus" />
        </button>
        <button type="button" aria-label="Zoom out" onClick={() => zoom(2)}>
          <Icon name="minus" />
        </button>
      </div>
      {isOpen && <Absolute />}
    </div>
  );
}

function Absolute() {
  const span = currentSpan();
  const [from, setFrom] = useState(fieldText(span.fromMs));
  const [to, setTo] = useState(fieldText(span.toMs));
  const isForward = fieldMs(from) < fieldMs(to);
  return (
    <form
      class="absolute"
      onSubmit={(event) => {
        event.preventDefault();
        if (isForward) showSpan({ fromMs: fieldMs(from), toMs: fieldMs(to) });
      }}
    >
      <label>
        From
        <input
          type="datetime-local"
          step="1"
          value={from}
          onInput={(event) => setFrom(event.currentTarget.value)}
        />
      </label>
      <label>
        To
        <input
          type="datetime-local"
          step="1"
          value={to}
          onInput={(event) => setTo(event.currentTarget.value)}
        />
      </label>
      <span class="muted">{isUtc.value ? 'UTC' : 'your zone'}</span>
      <button type="submit" class="primary" disabled={!isForward}>
        Show
      </button>
    </form>
  );
}

function fieldText(timeMs: number): string {
  const shift = isUtc.value ? 0 : new Date(timeMs).getTimezoneOffset() * 60_000;
  return new Date(timeMs - shift).toISOString().slice(0, 19);
}

function fieldMs(text: string): number {
  return Date.parse(isUtc.value ? `${text}Z` : text);
}
