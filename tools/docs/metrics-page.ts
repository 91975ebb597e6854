import { KinesisAccount } from '@highwater/kinesis-engine';
import { Registry, type Metric } from 'prom-client';
import { defineAggregatorMetrics } from '../../apps/aggregator/src/metrics.ts';
import { defineGeneratorMetrics } from '../../apps/generator/src/metrics.ts';
import {
  defineAccountMetrics,
  defineKinesisLocalMetrics,
} from '../../apps/kinesis-local/src/metrics.ts';
import { defineRawWriterMetrics } from '../../apps/raw-writer/src/metrics.ts';
import { defineTimestreamLocalMetrics } from '../../apps/timestream-local/src/metrics.ts';
import { defineUpsertWriterMetrics } from '../../apps/upsert-writer/src/metrics.ts';
import { defineConsumerMetrics } from '../../packages/kinesis/src/consumer-metrics.ts';
import { defineProducerMetrics } from '../../packages/kinesis/src/producing/producer-metrics.ts';
import { defineDeadLettersMetrics } from '../../packages/service/src/dead-letters-metrics.ts';
import { createRegistry } from '../../packages/service/src/registry.ts';
import { defineStoreMetrics } from '@highwater/store-kit';
import { renderPage } from './render-page.ts';
import { renderTable } from './render-table.ts';

interface Section {
  readonly title: string;
  readonly intro: string;
  readonly registry: Registry;
}

/** docs/reference/metrics.md: every metric of every program, from the registries themselves. */
export function renderMetricsPage(): string {
  return renderPage('Metrics', [
    'On this page you can look up each metric: its type, its labels, and its meaning. For the few to watch first, see [Monitoring](../monitoring.md).',
    'Each service serves its metrics at `/metrics` on its health port (`HW_HTTP_PORT`). Counters start at 0 when the service starts. Metrics with the label `shard_id` disappear when the process no longer reads the shard. Terms are explained in the [glossary](../glossary.md).',
    '> This page is generated from the code. To change it, change a `help` text, and then run `npm run docs`.',
    ...sections().flatMap(({ title, intro, registry }) => [
      `## ${title}`,
      intro,
      renderTable(['Metric', 'Type', 'Labels', 'Meaning'], rowsOf(registry)),
    ]),
  ]);
}

function sections(): readonly Section[] {
  return [
    {
      title: 'Every service',
      intro:
        'In addition, each service has the default metrics of [prom-client](https://github.com/siimon/prom-client#default-metrics) about its process, such as `process_resident_memory_bytes` and `nodejs_eventloop_lag_p99_seconds`.',
      registry: withoutDefaults(createRegistry()),
    },
    {
      title: 'Services that read a stream',
      intro: 'aggregator, raw-writer, and upsert-writer have these metrics.',
      registry: filled(defineConsumerMetrics, (registry) =>
        defineDeadLettersMetrics(registry, { stage: 'stage', bytesMax: 0 }, () =>
          Promise.resolve(0),
        ),
      ),
    },
    {
      title: 'Services that put records on a stream',
      intro: 'generator and aggregator have these metrics.',
      registry: filled(defineProducerMetrics),
    },
    {
      title: 'Services that write to the store',
      intro:
        'raw-writer and upsert-writer have these metrics. In upsert-writer, they do not include the table of corrections.',
      registry: filled(defineStoreMetrics),
    },
    { title: 'raw-writer', intro: own('raw-writer'), registry: filled(defineRawWriterMetrics) },
    { title: 'aggregator', intro: own('aggregator'), registry: filled(defineAggregatorMetrics) },
    {
      title: 'upsert-writer',
      intro: own('upsert-writer'),
      registry: filled(defineUpsertWriterMetrics),
    },
    { title: 'generator', intro: own('generator'), registry: filled(defineGeneratorMetrics) },
    {
      title: 'kinesis-local',
      intro: own('kinesis-local'),
      registry: filled(defineKinesisLocalMetrics, (registry) =>
        // Nothing is collected here, so no account is needed.
        defineAccountMetrics(registry, Object.create(KinesisAccount.prototype) as KinesisAccount),
      ),
    },
    {
      title: 'timestream-local',
      intro: own('timestream-local'),
      registry: filled((registry) =>
        defineTimestreamLocalMetrics(registry).showRowsBehind(() => ({ queries: 0, functions: 0 })),
      ),
    },
  ];
}

function own(service: string): string {
  return `Only ${service} has these metrics.`;
}

function filled(...define: readonly ((registry: Registry) => unknown)[]): Registry {
  const registry = new Registry();
  for (const each of define) each(registry);
  return registry;
}

function withoutDefaults(registry: Registry): Registry {
  for (const { name } of registry.getMetricsAsArray()) {
    if (/^(process|nodejs)_/.test(name)) registry.removeSingleMetric(name);
  }
  return registry;
}

function rowsOf(registry: Registry): readonly (readonly string[])[] {
  return registry.getMetricsAsArray().map((metric) => {
    const { name, type, help, labelNames = [] } = metric as unknown as Described;
    const labels = labelNames.map((label) => `\`${label}\``).join(', ');
    return [`\`${name}\``, type, labels, help];
  });
}

/** Properties of a prom-client metric that its types do not declare. */
interface Described extends Pick<Metric, 'get'> {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
}
