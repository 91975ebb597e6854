import { JsonClient } from '../../apps/timestream-local/test/statements/json-client.ts';
import { hostDimensions, measureNames } from '../timestream-local/host-dimensions.ts';

// A process with two clients at steady rates: 20 writes of 100 records a second, and 20 cheap
// queries a second. `node other-clients.ts <port> <time of the records>`; a message requests the
// measurements since the last one.

/** How long calls took, ms, from when they were due. */
export interface Waits {
  readonly write: readonly number[];
  readonly query: readonly number[];
  readonly failed: number;
}

const everyMs = 50;
const recordsCount = 100;

const [port = 0, startMs = 0] = process.argv.slice(2).map(Number);
let waits: { write: number[]; query: number[]; failed: number } = {
  write: [],
  query: [],
  failed: 0,
};

/** When the call that is under way was due. */
const dueMs: Record<'write' | 'query', number> = { write: 0, query: 0 };

process.on('message', () => {
  // A call that has no answer yet has waited as well.
  const nowMs = performance.now();
  const open = (what: 'write' | 'query') =>
    nowMs - dueMs[what] > everyMs ? [nowMs - dueMs[what]] : [];
  const { write, query, failed } = waits;
  const said: Waits = {
    write: [...write, ...open('write')],
    query: [...query, ...open('query')],
    failed,
  };
  process.send?.(said);
  waits = { write: [], query: [], failed: 0 };
});
process.on('disconnect', () => process.exit());

const cheap = `SELECT count(*) FROM "bench"."written" WHERE measure_name = 'none'`;
void repeat('query', (client) => client.call('Query', { QueryString: cheap }));
void repeat('write', (client, at) => client.call('WriteRecords', requestOf(at)));

async function repeat(
  what: 'write' | 'query',
  call: (client: JsonClient, at: number) => ReturnType<JsonClient['call']>,
): Promise<void> {
  const client = new JsonClient(port);
  const beganMs = performance.now();
  for (let at = 0; ; at += 1) {
    const due = Math.max(beganMs + at * everyMs, dueMs[what] + everyMs);
    await sleep(due - performance.now());
    dueMs[what] = due;
    const status = await call(client, at).then(
      (answer) => answer.status,
      () => 0,
    );
    waits[what].push(performance.now() - due);
    if (status !== 200) waits.failed += 1;
    if (status === 0) await sleep(everyMs);
    // Calls that were missed while another one waited are not made up.
    dueMs[what] = Math.max(due, performance.now() - everyMs);
  }
}

function requestOf(at: number): object {
  return {
    DatabaseName: 'bench',
    TableName: 'written',
    CommonAttributes: { MeasureValueType: 'DOUBLE', Time: String(startMs - 3_600_000 + at) },
    Records: Array.from({ length: recordsCount }, (_, index) => ({
      Dimensions: hostDimensions(Math.floor(index / measureNames.length)),
      MeasureName: measureNames[index % measureNames.length],
      MeasureValue: String((at * 31 + index) % 1000),
    })),
  };
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, durationMs));
  });
}
