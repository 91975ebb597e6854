import { formatClock, isUtc } from '../lib/format.ts';
import { toggleHelp } from '../lib/keys.ts';
import { isPaused, lastGoodMs, liveState, tick, togglePause } from '../lib/live.ts';
import { isDark, toggleTheme } from '../lib/theme.ts';
import { goTo, path, show } from '../lib/url-state.ts';
import { Icon } from './icon.tsx';

const pages = [
  { path: '/explore', name: 'Explore' },
  { path: '/corrections', name: 'Corrections' },
  { path: '/pipeline', name: 'Pipeline' },
  { path: '/query', name: 'Query' },
];

/** Name, pages, and the switches shared by all of them. */
export function Header() {
  return (
    <header class="top">
      <a class="brand" href="/explore" onClick={follow('/explore')}>
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
          <path class="mark" d="M4 9h24" />
          <path
            class="wave"
            d="M4 17c4-3.7 8-3.7 12 0s8 3.7 12 0M4 24c4-3.7 8-3.7 12 0s8 3.7 12 0"
          />
        </svg>
        <span>Highwater</span>
      </a>
      <nav aria-label="Pages">
        {pages.map((page) => (
          <a
            key={page.path}
            href={page.path}
            onClick={follow(page.path)}
            aria-current={path.value === page.path ? 'page' : undefined}
          >
            {page.name}
          </a>
        ))}
      </nav>
      <div class="switches">
        <LivePill />
        <button
          type="button"
          class="quiet"
          title="Switch between UTC and your time zone"
          onClick={() => show({ tz: isUtc.value ? 'local' : null })}
        >
          {isUtc.value ? 'UTC' : 'Local'}
        </button>
        <button
          type="button"
          class="quiet icon"
          aria-label={isDark() ? 'Light theme' : 'Dark theme'}
          title="Switch between light and dark (t)"
          onClick={toggleTheme}
        >
          <Icon name={isDark() ? 'sun' : 'moon'} />
        </button>
        <button
          type="button"
          class="quiet icon"
          aria-label="Keyboard help"
          title="Help (?)"
          onClick={toggleHelp}
        >
          <Icon name="help" />
        </button>
      </div>
    </header>
  );
}

const words = {
  connecting: 'Connecting',
  live: 'Live',
  paused: 'Paused',
  reconnecting: 'Reconnecting',
  stale: 'Stale',
};

function LivePill() {
  const state = liveState.value;
  const since = lastGoodMs.value > 0 ? ` since ${formatClock(lastGoodMs.value)}` : '';
  const detail = state === 'stale' ? (tick.value?.detail ?? '') : 'Pause or resume live data (l)';
  return (
    <button
      type="button"
      class="pill"
      data-state={state}
      title={detail}
      aria-pressed={!isPaused.value}
      onClick={togglePause}
    >
      <i aria-hidden="true" />
      <span aria-live="polite">
        {words[state]}
        {state === 'stale' || state === 'reconnecting' ? since : ''}
      </span>
    </button>
  );
}

/** Follows a link within the page. With a modifier key, the browser handles it. */
function follow(target: string) {
  return (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    goTo(target);
  };
}
