import type { Clock } from '@highwater/model';
import { checkDirectory } from './check-directory.ts';
import { checkFanOut, sharedConsumers } from './check-fan-out.ts';
import { checkLeases, type LeaseUse } from './check-leases.ts';
import { checkPrometheus } from './check-prometheus.ts';
import { checkSnapshots } from './check-snapshots.ts';
import { checkStream } from './check-stream.ts';
import { storeChecks } from './check-store.ts';
import { checkViewsFile } from './check-views.ts';
import type { DoctorConfig } from './doctor-config.ts';
import type { Finding } from './finding.ts';
import { ServerClocks } from './server-clocks.ts';
import { needsOf, type ServiceName, type ServiceNeeds } from './service-needs.ts';

/** Time limit of one check. */
const checkMsMax = 20_000;

interface Check {
  readonly what: string;
  readonly run: (signal: AbortSignal) => Promise<readonly Finding[]>;
}

/**
 * Checks everything that the services need, all at the same time, and changes nothing that they
 * would notice.
 *
 * @returns findings in a fixed order: clocks, streams, leases, snapshots, store, files
 */
export async function examine(
  config: DoctorConfig,
  services: readonly ServiceName[],
  clock: Clock,
): Promise<readonly Finding[]> {
  const needs = services.map((service) => needsOf(service, config));
  using clocks = new ServerClocks(clock);
  const found = await Promise.all(
    planChecks(config, needs, clock).map((check) => runInTime(check, clock)),
  );
  const usesServers = needs.some(
    ({ reads, puts, queriesTables }) => reads ?? puts ?? queriesTables,
  );
  return [...(usesServers ? clocks.findings() : []), ...found.flat()];
}

function planChecks(
  config: DoctorConfig,
  needs: readonly ServiceNeeds[],
  clock: Clock,
): readonly Check[] {
  const readers = needs.flatMap(({ service, reads: stream }) =>
    stream === undefined ? [] : [{ service, stream }],
  );
  const streams = distinct(needs.flatMap(({ reads, puts }) => [reads ?? [], puts ?? []].flat()));
  const written = distinct(needs.flatMap(({ writesTables = [] }) => writesTables));
  const queried = distinct(needs.flatMap(({ queriesTables = [] }) => queriesTables));
  const prometheus = queried.length > 0 ? config.HW_PROMETHEUS_URL : undefined;
  return [
    ...streams.map((stream) => ({
      what: `stream ${stream}`,
      run: () =>
        checkStream(config, {
          stream,
          isRead: needs.some(({ reads }) => reads === stream),
          isPutTo: needs.some(({ puts }) => puts === stream),
        }),
    })),
    ...fanOutChecks(config, readers),
    ...sharedTable(config, readers),
    ...readers.flatMap((use) => [
      { what: `leases of ${use.service}`, run: () => checkLeases(config, use, clock) },
      { what: `snapshots of ${use.service}`, run: () => checkSnapshots(config, use) },
    ]),
    ...storeChecks(config, { written, queried }, clock),
    ...(needs.some(({ hasViews }) => hasViews)
      ? [{ what: 'views', run: () => checkViewsFile(config.HW_VIEWS) }]
      : []),
    ...(needs.some(({ hasDeadLetters }) => hasDeadLetters) ? [deadLetters(config)] : []),
    ...(prometheus === undefined
      ? []
      : [
          {
            what: 'Prometheus',
            run: (signal: AbortSignal) => checkPrometheus(prometheus, signal),
          },
        ]),
  ];
}

function fanOutChecks(config: DoctorConfig, readers: readonly LeaseUse[]): readonly Check[] {
  if (config.HW_KINESIS_READ !== 'fan-out') return [];
  return [
    { what: 'consumers', run: async () => sharedConsumers(config, readers) },
    ...readers.map((use) => ({
      what: `consumer of ${use.service}`,
      run: (signal: AbortSignal) => checkFanOut(config, use, signal),
    })),
  ];
}

/** Two services with one lease table would overwrite each other's checkpoints. */
function sharedTable(config: DoctorConfig, readers: readonly unknown[]): readonly Check[] {
  const table = config.HW_LEASES_TABLE;
  if (config.HW_LEASES !== 'dynamodb' || table === undefined || readers.length < 2) return [];
  const what = `lease table ${table}`;
  const found = `HW_LEASES_TABLE gives ${readers.length} services the same table, but each service needs its own`;
  const fix =
    'unset HW_LEASES_TABLE, or set a different one for each service and run doctor once per service';
  return [{ what, run: async () => [{ what, verdict: 'fail', found, fix }] }];
}

function deadLetters(config: DoctorConfig): Check {
  const what = 'dead letters';
  const variable = 'HW_DEAD_LETTERS_DIR';
  const directory = config.HW_DEAD_LETTERS_DIR;
  return { what, run: async () => [await checkDirectory({ what, directory, variable })] };
}

async function runInTime({ what, run }: Check, clock: Clock): Promise<readonly Finding[]> {
  const late = new AbortController();
  const done = new AbortController();
  const found = `no answer within ${checkMsMax / 1000} s`;
  const fix = 'check whether the server hangs, or whether a firewall drops the packets';
  const waiting = clock.sleep(checkMsMax, done.signal).then(
    (): readonly Finding[] => [{ what, verdict: 'fail', found, fix }],
    () => [],
  );
  try {
    return await Promise.race([run(late.signal), waiting]);
  } finally {
    late.abort(new Error(found));
    done.abort();
  }
}

function distinct<Name extends string>(names: readonly Name[]): readonly Name[] {
  return [...new Set(names)];
}
