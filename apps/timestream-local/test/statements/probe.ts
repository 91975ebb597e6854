import { JsonClient } from './json-client.ts';
import { monotonicMs } from './monotonic.ts';
import { database, nowMs, writtenTable } from './tables.ts';

// A process with the other clients: a cheap query, a write, and the health check, each every 25 ms.
// `node probe.ts <port> <ops port>`.

/** The result of one call. */
export interface ProbeCall {
  readonly what: 'query' | 'write' | 'livez';
  readonly startMs: number;
  readonly endMs: number;
  /** 0 when the connection broke. */
  readonly status: number;
  readonly message: string;
}

/** Calls that were slow or failed, and the stalls of this process itself. */
export interface ProbeReport {
  readonly calls: readonly ProbeCall[];
  readonly stalls: readonly (readonly [fromMs: number, toMs: number])[];
  readonly callsCount: number;
}

const everyMs = 25;
/** Shorter ones are not reported. */
const longMs = 100;
const tickMs = 5;
const lateMs = 10;
const reportEveryMs = 100;

const [port = 0, opsPort = 0] = process.argv.slice(2).map(Number);
process.on('disconnect', () => process.exit());

let calls: ProbeCall[] = [];
let stalls: [number, number][] = [];
let callsCount = 0;
let lastMs = monotonicMs();

setInterval(() => {
  const now = monotonicMs();
  if (now - lastMs > tickMs + lateMs) stalls.push([lastMs + tickMs, now]);
  lastMs = now;
}, tickMs);
setInterval(() => {
  process.send?.({ calls, stalls, callsCount } satisfies ProbeReport);
  [calls, stalls, callsCount] = [[], [], 0];
}, reportEveryMs);

const cheap = `SELECT count(*) FROM "${database}"."one" WHERE host = 'host-0'`;
let written = 0;

void repeat('query', port, (client) => client.call('Query', { QueryString: cheap }));
void repeat('livez', opsPort, (client) => client.get('/livez'));
void repeat('write', port, (client) => {
  written += 1;
  return client.call('WriteRecords', {
    DatabaseName: database,
    TableName: writtenTable,
    CommonAttributes: { MeasureName: 'm', MeasureValueType: 'DOUBLE', Time: String(nowMs) },
    Records: Array.from({ length: 10 }, (_, at) => ({
      Dimensions: [{ Name: 'host', Value: `h${at}` }],
      MeasureValue: String(written),
      Version: written,
    })),
  });
});

async function repeat(
  what: ProbeCall['what'],
  to: number,
  call: (client: JsonClient) => ReturnType<JsonClient['get']>,
): Promise<void> {
  const client = new JsonClient(to);
  for (;;) {
    const startMs = monotonicMs();
    const { status, body } = await call(client).catch((error: unknown) => ({
      status: 0,
      body: String(error),
    }));
    const endMs = monotonicMs();
    callsCount += 1;
    if (endMs - startMs > longMs || status !== 200) {
      calls.push({ what, startMs, endMs, status, message: body.slice(0, 300) });
    }
    await new Promise((resolve) => {
      setTimeout(resolve, Math.max(1, everyMs - (endMs - startMs)));
    });
  }
}
