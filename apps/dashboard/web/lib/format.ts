import { computed } from '@preact/signals';
import { place } from './url-state.ts';

/** Whether times are shown in UTC; otherwise in the browser's zone. */
export const isUtc = computed(() => place.value.query.get('tz') !== 'local');

/** A number for a person: four significant digits. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return value.toExponential(2);
  const digits = size >= 1_000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** A count, shortened: 12,345 is 12.3k. */
export function formatCount(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)}M`;
  if (value >= 1e4) return `${(value / 1e3).toFixed(1)}k`;
  return formatNumber(Math.round(value * 10) / 10);
}

/** Bytes in binary units. */
export function formatBytes(value: number | null): string {
  if (value === null) return '–';
  return value < 1_048_576
    ? `${Math.round(value / 1_024)} KB`
    : `${Math.round(value / 1_048_576)} MB`;
}

/** A duration, in one or two units. */
export function formatDuration(durationMs: number | null): string {
  if (durationMs === null || !Number.isFinite(durationMs)) return '–';
  const size = Math.abs(durationMs);
  if (size < 1_000) return `${Math.round(size)} ms`;
  if (size < 60_000) return `${Number((size / 1_000).toFixed(size < 10_000 ? 1 : 0))} s`;
  const [major, unit, minor, small] =
    size < 3_600_000
      ? [size / 60_000, 'min', (size % 60_000) / 1_000, 's']
      : size < 86_400_000
        ? [size / 3_600_000, 'h', (size % 3_600_000) / 60_000, 'min']
        : [size / 86_400_000, 'd', (size % 86_400_000) / 3_600_000, 'h'];
  const rest = Math.floor(minor);
  return `${Math.floor(major)} ${unit}${rest > 0 ? ` ${rest} ${small}` : ''}`;
}

function parts(timeMs: number): { readonly date: string; readonly time: string } {
  const shift = isUtc.value ? 0 : new Date(timeMs).getTimezoneOffset() * 60_000;
  const text = new Date(timeMs - shift).toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 23) };
}

/** `2026-11-22 08:15:30` in the chosen zone. */
export function formatTime(timeMs: number): string {
  const { date, time } = parts(timeMs);
  return `${date} ${time.slice(0, 8)}`;
}

/** `08:15:30` in the chosen zone. */
export function formatClock(timeMs: number): string {
  return parts(timeMs).time.slice(0, 8);
}

/** `08:15:30.123` in the chosen zone. */
export function formatClockMs(timeMs: number): string {
  return parts(timeMs).time;
}

/** A window, `08:10 – 08:15`. */
export function formatWindow(startMs: number, endMs: number): string {
  const isWhole = startMs % 60_000 === 0 && endMs % 60_000 === 0;
  const cut = isWhole ? 5 : 8;
  return `${parts(startMs).time.slice(0, cut)} – ${parts(endMs).time.slice(0, cut)}`;
}
