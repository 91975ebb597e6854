/** One value of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text that `/metrics` serves. */
export function parseMetrics(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = sampleLine.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const pairs = [...labels.matchAll(label)].map(([, key = '', content = '']) => [key, content]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** The values of a metric whose labels have what is wanted. */
export function valuesOf(
  samples: readonly Sample[],
  name: string,
  wanted: Readonly<Record<string, string>> = {},
): readonly number[] {
  const labels = Object.entries(wanted);
  return samples
    .filter((sample) => sample.name === name)
    .filter((sample) => labels.every(([key, value]) => sample.labels[key] === value))
    .map(({ value }) => value);
}

/** Their sum; 0 when there is none. */
export function sumOf(
  samples: readonly Sample[],
  name: string,
  wanted?: Readonly<Record<string, string>>,
): number {
  return valuesOf(samples, name, wanted).reduce((sum, value) => sum + value, 0);
}
