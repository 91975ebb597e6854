import {
  consumeStream,
  consumerConfig,
  createSdkKinesisApi,
  kinesisConfig,
} from '@highwater/kinesis';
import type { Batch, ShardProcessor } from '@highwater/model';
import { FileDeadLetters, runService, systemRandom } from '@highwater/service';
import { deadLetterSettings } from '@highwater/settings';

// A service that keeps the data of its records, and whose process ends by some: `throws`, `exits` and
// `aborts` are what such a record says.

/** The effect of a record on the process. */
function suffer(text: string): void {
  if (text.startsWith('throws')) throw new RangeError(`cannot take ${text}`);
  if (text.startsWith('exits')) process.exit(9);
  // As native code does that has gone wrong, or a process without memory.
  if (text.startsWith('aborts')) process.abort();
}

function createProcessor(): ShardProcessor {
  let texts: string[] = [];
  return {
    async open({ ownSnapshot }) {
      texts = ownSnapshot ? (JSON.parse(Buffer.from(ownSnapshot).toString()) as string[]) : [];
    },
    async process({ records }: Batch) {
      for (const { data } of records) {
        const text = Buffer.from(data).toString();
        suffer(text);
        texts.push(text);
      }
    },
    async tick() {},
    snapshot: () => ({ state: Buffer.from(JSON.stringify(texts)) }),
    async committed() {},
    async close() {},
  };
}

await runService(
  {
    name: 'fragile',
    description: 'Ends by some of its records.',
    config: { ...kinesisConfig, ...consumerConfig, ...deadLetterSettings },
  },
  async ({ config, registry, health, signal, log, clock }) => {
    using api = createSdkKinesisApi({
      region: config.AWS_REGION,
      endpoint: config.AWS_ENDPOINT_URL_KINESIS,
    });
    await using deadLetters = await FileDeadLetters.open({
      directory: config.HW_DEAD_LETTERS_DIR,
      stage: 'fragile',
      bytesMax: config.HW_DEAD_LETTERS_BYTES_MAX,
      registry,
      log,
      signal,
    });
    await consumeStream(
      {
        api,
        stream: 'points',
        service: 'fragile',
        config,
        createProcessor,
        deadLetters,
        clock,
        log,
        registry,
        random: systemRandom,
        onReading: () => health.ready(),
      },
      signal,
    );
  },
);
