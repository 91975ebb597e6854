import type { MetricSample } from '@highwater/service';

/** The values of a metric with the given labels. */
export function valuesOf(
  samples: readonly MetricSample[],
  name: string,
  wanted: Readonly<Record<string, string>> = {},
): readonly number[] {
  const labels = Object.entries(wanted);
  return samples
    .filter((sample) => sample.name === name)
    .filter((sample) => labels.every(([key, value]) => sample.labels[key] === value))
    .map(({ value }) => value);
}

/** Their sum; 0 when there are none. */
export function sumOf(
  samples: readonly MetricSample[],
  name: string,
  wanted?: Readonly<Record<string, string>>,
): number {
  return valuesOf(samples, name, wanted).reduce((sum, value) => sum + value, 0);
}
