const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Round widths, so that a bin does not move when a chart is resized a little. */
const widthsMs = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((count) => count * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minuteMs),
  ...[1, 2, 3, 6, 12].map((count) => count * hourMs),
  ...[1, 2, 7, 14, 30].map((count) => count * dayMs),
];

/** The narrowest width with which at most `binsMax` bins cover a span. */
export function binWidthMs(spanMs: number, binsMax: number): number {
  const wantedMs = spanMs / binsMax;
  const found = widthsMs.find((widthMs) => widthMs >= wantedMs);
  return found ?? Math.ceil(wantedMs / dayMs) * dayMs;
}
