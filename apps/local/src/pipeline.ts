import { appMain } from './app-main.ts';
import type { DataDirectory } from './data-directory.ts';
import type { ServiceSpec } from './service-process.ts';

/** The streams that the stack creates. */
export const streams = {
  raw: { name: 'highwater-raw', shardsCount: 4 },
  results: { name: 'highwater-results', shardsCount: 2 },
} as const;

/** The services of the pipeline, by name. */
export type PipelineServiceName = 'raw-writer' | 'aggregator' | 'upsert-writer' | 'generator';

/** Settings for individual services, which override those of the stack. */
export type ServiceSettings = Readonly<
  Partial<Record<PipelineServiceName, Readonly<Record<string, string>>>>
>;

/** The servers that the pipeline uses, and where it stores its state. */
export interface PipelineOptions {
  readonly kinesisUrl: string;
  /** Settings of the store, for the services that write to it. */
  readonly store: Readonly<Record<string, string>>;
  readonly data: DataDirectory;
  readonly viewsFile: string;
  readonly settings: ServiceSettings;
}

/** The four services, connected to the local servers. */
export function pipelineServices(
  options: PipelineOptions,
): Readonly<Record<PipelineServiceName, ServiceSpec>> {
  const { kinesisUrl, store, data, viewsFile } = options;
  const kinesis = { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_KINESIS: kinesisUrl };
  const reader = { HW_STATE_DIR: data.state, HW_DEAD_LETTERS_DIR: data.deadLetters };
  const raw = { HW_RAW_STREAM: streams.raw.name };
  const results = { HW_RESULTS_STREAM: streams.results.name };
  const views = { HW_VIEWS: viewsFile };
  const spec = (name: PipelineServiceName, settings: Readonly<Record<string, string>>) => ({
    name,
    main: appMain(name),
    settings: { ...kinesis, ...settings, ...options.settings[name] },
  });
  return {
    'raw-writer': spec('raw-writer', { ...reader, ...store, ...raw }),
    'upsert-writer': spec('upsert-writer', { ...reader, ...store, ...results, ...views }),
    aggregator: spec('aggregator', { ...reader, ...raw, ...results, ...views }),
    generator: spec('generator', raw),
  };
}
