import { address, browser, FakeElement, visit } from './fake-browser.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { choice, panelsOf, whereOf } from '../explore/choice.ts';
import { serverNowMs, setServerTime } from '../lib/clock.ts';
import { isHelpOpen, onKey } from '../lib/keys.ts';
import { currentSpan, range, showPreset, showSpan } from '../lib/range.ts';
import { goTo, place, show } from '../lib/url-state.ts';

const nowMs = Date.UTC(2026, 0, 1);

beforeEach(() => {
  vi.useFakeTimers({ now: nowMs });
  setServerTime(nowMs);
  visit('/');
  browser.visited.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the range', () => {
  it.each([
    { query: '', named: '15m' },
    { query: 'range=6h', named: '6h' },
    { query: 'range=century', named: '15m' },
    { query: 'from=5', named: '15m' },
    { query: 'from=20&to=10', named: '15m' },
    { query: 'from=10&to=10', named: '15m' },
    { query: 'from=-5&to=10', named: '15m' },
    { query: 'from=1&to=9e15', named: '15m' },
    { query: 'from=1&to=soon', named: '15m' },
  ])('of "$query" is the last $named', ({ query, named }) => {
    visit(`/explore?${query}`);
    expect(range.value).toMatchObject({ kind: 'moving', name: named });
  });

  it("in the address is fixed, and any other ends at the server's time", () => {
    visit('/explore?from=10&to=8640000000000000');
    expect(currentSpan()).toEqual({ fromMs: 10, toMs: 8.64e15 });
    setServerTime(nowMs + 60_000);
    visit('/explore?range=5m');
    expect(serverNowMs()).toBe(nowMs + 60_000);
    expect(currentSpan()).toEqual({ fromMs: nowMs - 240_000, toMs: nowMs + 60_000 });
    vi.advanceTimersByTime(1_000);
    expect(currentSpan().toMs).toBe(nowMs + 61_000);
  });

  it('replaces the previous one when chosen, and the back button returns to it', () => {
    visit('/explore?range=1h&known=7&m=tide');
    showSpan({ fromMs: 100.4, toMs: 900.6 });
    expect(address()).toBe('/explore?m=tide&from=100&to=901');
    showPreset('5m');
    expect(address()).toBe('/explore?m=tide&range=5m');
    expect(browser.visited).toEqual([
      '/explore?range=1h&known=7&m=tide',
      '/explore?m=tide&from=100&to=901',
    ]);
  });

  it('is never shorter than can be drawn, and never outside the valid dates', () => {
    showSpan({ fromMs: 100, toMs: 199 });
    expect(address()).toBe('/');
    showSpan({ fromMs: -50_000, toMs: 9e15 });
    expect(range.value).toEqual({ kind: 'fixed', fromMs: 1, toMs: 8.64e15 });
  });
});

describe('the address', () => {
  it('keeps times, zone, and pause on the way to another page, and nothing else', () => {
    visit('/explore?from=1&to=2&tz=local&live=0&m=tide&where=a:b');
    goTo('/pipeline');
    expect(address()).toBe('/pipeline?from=1&to=2&tz=local&live=0');
    expect(place.value.path).toBe('/pipeline');
  });

  it('has a name as often as it has values, and no removed name', () => {
    visit('/explore?m=tide&a=avg_tide');
    show({ m: ['tide', 'ebb'], a: null });
    expect(address()).toBe('/explore?m=tide&m=ebb');
    expect(browser.visited).toEqual([]);
  });

  it('with the same content adds no history entry', () => {
    visit('/explore?m=tide');
    show({ m: 'tide' }, true);
    expect(browser.visited).toEqual([]);
  });
});

describe('what Explore shows', () => {
  it('is read from the address, whatever the names of dimensions', () => {
    visit('/explore?m=tide&a=avg_tide&where=host:a:1&where=host:b&where=__proto__:x&where=none');
    const { filters, ...rest } = choice.value;
    expect({ ...filters }).toEqual(
      Object.fromEntries([
        ['host', ['a:1', 'b']],
        ['__proto__', ['x']],
      ]),
    );
    expect(whereOf(filters)).toEqual(['host:a:1', 'host:b', '__proto__:x']);
    expect(rest).toEqual({
      measures: ['tide'],
      aggregates: ['avg_tide'],
      by: undefined,
      knownAtMs: undefined,
      isTable: false,
    });
  });

  it('has one panel per measure with the aggregates named after it, and one for each other aggregate', () => {
    const aggregates = ['avg_tide', 'tide_p95', 'avg_ebb', 'max_tidemark'];
    expect(panelsOf({ measures: ['tide'], aggregates })).toEqual([
      { measure: 'tide', aggregates: ['avg_tide', 'tide_p95'] },
      { measure: undefined, aggregates: ['avg_ebb'] },
      { measure: undefined, aggregates: ['max_tidemark'] },
    ]);
  });
});

describe('keys', () => {
  const press = (key: string, more: object = {}) => {
    const event = { key, target: null, preventDefault: vi.fn<() => void>(), ...more };
    onKey(event as unknown as KeyboardEvent);
    return event;
  };

  it.each([
    { key: 'ArrowLeft', fromMs: 1_500, toMs: 3_500 },
    { key: 'ArrowRight', fromMs: 2_500, toMs: 4_500 },
    { key: '+', fromMs: 2_500, toMs: 3_500 },
    { key: '-', fromMs: 1_000, toMs: 5_000 },
  ])('$key shows $fromMs to $toMs', ({ key, fromMs, toMs }) => {
    visit('/explore?from=2000&to=4000');
    expect(press(key).preventDefault).toHaveBeenCalledOnce();
    expect(currentSpan()).toEqual({ fromMs, toMs });
  });

  it.each([
    { key: '1', path: '/explore' },
    { key: '2', path: '/corrections' },
    { key: '3', path: '/pipeline' },
    { key: '4', path: '/query' },
  ])('$key goes to $path', ({ key, path }) => {
    visit('/elsewhere');
    press(key);
    expect(place.value.path).toBe(path);
  });

  it('l pauses the page, and resumes it', () => {
    press('l');
    expect(address()).toBe('/explore?live=0');
    press('l');
    expect(address()).toBe('/explore');
  });

  it('do nothing in a field, which Escape leaves, or together with Ctrl', () => {
    const target = new FakeElement({ isField: true });
    expect(press('4', { target }).preventDefault).not.toHaveBeenCalled();
    expect(press('4', { ctrlKey: true }).preventDefault).not.toHaveBeenCalled();
    expect(press('x').preventDefault).not.toHaveBeenCalled();
    expect(place.value.path).toBe('/explore');
    expect(target.hasFocus).toBe(true);
    press('Escape', { target });
    expect(target.hasFocus).toBe(false);
  });

  it('? opens the help, and Escape closes it', () => {
    press('?');
    expect(isHelpOpen.value).toBe(true);
    press('Escape');
    expect(isHelpOpen.value).toBe(false);
  });
});
