/** One line of the metrics of a process. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of one metric in an exposition text. */
export function samplesOf(text: string, name: string): readonly Sample[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => ({
      labels: Object.fromEntries(
        [...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', value = '']) => [label, value]),
      ),
      value: Number(line.slice(line.lastIndexOf(' '))),
    }));
}

/** The sum of a metric over its labels. */
export function totalOf(text: string, name: string): number {
  return samplesOf(text, name).reduce((sum, { value }) => sum + value, 0);
}
