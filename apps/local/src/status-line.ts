import type { PipelineState } from './pipeline-state.ts';

/** One value of the live line. */
export interface StatusPart {
  readonly label: string;
  readonly value: string;
}

interface RankedPart extends StatusPart {
  /** If there is not enough space for all, the highest are left out first. */
  readonly rank: number;
}

const separator = '  ';

/**
 * The content of the live line.
 *
 * @param states oldest first; rates are between the first and the last
 * @param columnsMax parts are left out, the least important first, until the rest fits
 */
export function statusParts(
  states: readonly PipelineState[],
  columnsMax: number,
): readonly StatusPart[] {
  const first = states[0];
  const last = states.at(-1);
  if (first === undefined || last === undefined) return [];
  const seconds = (last.atMs - first.atMs) / 1_000;
  const rate = (of: (state: PipelineState) => number) =>
    seconds > 0 ? `${count(Math.max(0, of(last) - of(first)) / seconds)}/s` : '–';
  return fit(
    [
      { label: 'points', value: rate((state) => state.pointsRead), rank: 3 },
      { label: 'stored', value: rate((state) => state.pointsStored), rank: 7 },
      { label: 'watermark', value: watermark(last), rank: 4 },
      { label: 'windows', value: windows(last), rank: 1 },
      { label: 'corrected', value: count(last.rowsCorrected), rank: 1 },
      // None is unimportant good news, but one needs attention first.
      { label: 'too late', value: tooLate(last), rank: isAnyTooLate(last) ? 2 : 6 },
      { label: 'dead letters', value: count(last.deadLetters), rank: last.deadLetters > 0 ? 0 : 5 },
    ],
    columnsMax,
  );
}

/** The line, with each label in the given style. */
export function renderStatusLine(
  parts: readonly StatusPart[],
  styleLabel: (label: string) => string,
): string {
  return parts.map(({ label, value }) => `${styleLabel(label)} ${value}`).join(separator);
}

function watermark({ watermarkMs, nowMs }: PipelineState): string {
  if (watermarkMs === undefined) return '–';
  const lagSeconds = (nowMs - watermarkMs) / 1_000;
  return `−${lagSeconds < 100 ? lagSeconds.toFixed(1) : count(lagSeconds)} s`;
}

function windows({ rowsWritten, rowsCorrected }: PipelineState): string {
  return rowsWritten + rowsCorrected === 0 ? 'first in 20 s' : count(rowsWritten);
}

function isAnyTooLate({ pointsTooLate, pointsPartlyTooLate }: PipelineState): boolean {
  return pointsTooLate + pointsPartlyTooLate > 0;
}

/** A point is too late for all of its windows, or for some while others still accept it. */
function tooLate(state: PipelineState): string {
  const { pointsTooLate, pointsPartlyTooLate } = state;
  if (!isAnyTooLate(state)) return '0';
  const all = pointsTooLate > 0 ? [`${count(pointsTooLate)} for all windows`] : [];
  if (pointsPartlyTooLate === 0) return all.join();
  const noun = all.length > 0 ? '' : ' windows';
  return [...all, `${count(pointsPartlyTooLate)} for some${noun}`].join(', ');
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function fit(parts: readonly RankedPart[], columnsMax: number): readonly RankedPart[] {
  if (parts.length <= 1 || renderStatusLine(parts, (label) => label).length <= columnsMax) {
    return parts;
  }
  const least = Math.max(...parts.map(({ rank }) => rank));
  return fit(
    parts.filter(({ rank }) => rank !== least),
    columnsMax,
  );
}
