import type { Finding, Verdict } from './finding.ts';

/** The style of a line by its verdict. A terminal may color it. */
export type Paint = (verdict: Verdict, text: string) => string;

/** Findings as lines for a person: verdict, subject, and state, with the fix below. */
export function renderFindings(
  findings: readonly Finding[],
  paint: Paint = (_, text) => text,
): readonly string[] {
  const width = Math.max(0, ...findings.map(({ what }) => what.length));
  const lines = findings.flatMap(({ what, verdict, found, fix }) => [
    `${paint(verdict, verdict.padEnd(4))}  ${what.padEnd(width)}  ${found}`,
    ...(fix === undefined ? [] : [`${' '.repeat(6 + width)}  → ${fix}`]),
  ]);
  const count = (wanted: Verdict) => findings.filter(({ verdict }) => verdict === wanted).length;
  const summary = `${count('ok')} ok, ${count('warn')} to check, ${count('fail')} failed`;
  return [...lines, '', summary];
}
