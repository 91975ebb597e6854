/** One value of one series. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Finite. */
  readonly value: number;
}

/** More series than any Highwater service has. */
const samplesMax = 20_000;

const line =
  /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+([-+]?[\d.]+(?:[eE][-+]?\d+)?|[-+]Inf|NaN|Nan)(?:\s|$)/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads the Prometheus text format, and skips lines that it does not understand. */
export function parseMetrics(text: string): readonly MetricSample[] {
  const samples: MetricSample[] = [];
  for (const each of text.split('\n')) {
    if (each === '' || each.startsWith('#')) continue;
    const found = line.exec(each);
    if (!found) continue;
    const [, name = '', labels = '', value = ''] = found;
    if (name.endsWith('_bucket') || !Number.isFinite(Number(value))) continue;
    samples.push({ name, labels: parseLabels(labels), value: Number(value) });
    if (samples.length >= samplesMax) break;
  }
  return samples;
}

function parseLabels(text: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(label)) {
    labels[name] = value.replaceAll(/\\(.)/g, (_, escaped: string) =>
      escaped === 'n' ? '\n' : escaped,
    );
  }
  return labels;
}
