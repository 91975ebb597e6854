import { HighwaterError, type Clock, type StoreTable } from '@highwater/model';
import { createLogger, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { inspectStore, openReader, timestreamTable } from '@highwater/stores';
import { Registry } from 'prom-client';
import { checkQuery } from './check-query.ts';
import { checkTable } from './check-tables.ts';
import type { DoctorConfig } from './doctor-config.ts';
import type { Finding } from './finding.ts';

/** One look at the store. */
export interface StoreCheck {
  readonly what: string;
  readonly run: (signal: AbortSignal) => Promise<readonly Finding[]>;
}

/** A store that is away is told at once, and not after minutes of retries. */
const giveUpAfterMs = 5_000;

/** The address of a store that is a database server. */
type ServerAddress = Exclude<DoctorConfig['HW_STORE'], { engine: 'timestream' }>;

/** What is looked at in the store for the tables that the services write and query. */
export function storeChecks(
  config: DoctorConfig,
  tables: { readonly written: readonly StoreTable[]; readonly queried: readonly StoreTable[] },
  clock: Clock,
): readonly StoreCheck[] {
  const address = config.HW_STORE;
  const { written, queried } = tables;
  if (address.engine === 'timestream') {
    const placesOf = (names: readonly StoreTable[]) => {
      const places = names.map((name) => timestreamTable(config, address, name));
      return [...new Map(places.map((place) => [place.table, place])).values()];
    };
    return [
      ...placesOf(written).map((place) => ({
        what: `table ${place.table}`,
        run: (signal: AbortSignal) => checkTable(config, place, signal),
      })),
      ...(queried.length === 0
        ? []
        : [
            {
              what: 'queries',
              run: (signal: AbortSignal) => checkQuery(config, placesOf(queried), signal),
            },
          ]),
    ];
  }
  return [
    ...written.map((table) => ({
      what: `table ${table}`,
      run: (signal: AbortSignal) => checkWriting(config, { address, table }, clock, signal),
    })),
    ...(queried.length === 0
      ? []
      : [{ what: 'queries', run: (signal: AbortSignal) => checkReading(config, clock, signal) }]),
  ];
}

async function checkWriting(
  config: DoctorConfig,
  { address, table }: { readonly address: ServerAddress; readonly table: StoreTable },
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const what = `table ${table}`;
  try {
    const state = await inspectStore(
      { ...config, HW_STORE_GIVE_UP_AFTER_MS: giveUpAfterMs },
      address,
      table,
      {
        clock,
        log: createLogger({ name: 'doctor', level: 'silent', clock }),
        metrics: defineStoreMetrics(new Registry()),
        random: systemRandom,
        signal,
      },
    );
    if (state !== 'ready') return [unmade(what, state, config)];
    return [{ what, verdict: 'ok', found: `can be written in ${address.host}` }];
  } catch (error) {
    return [explainStore(what, error)];
  }
}

/** As long as it is not made, or was made by an earlier release. */
function unmade(what: string, state: 'missing' | 'outdated', config: DoctorConfig): Finding {
  const isMissing = state === 'missing';
  const found = isMissing ? 'does not exist yet' : 'has the schema of an earlier release';
  const verb = isMissing ? 'creates' : 'updates';
  return config.HW_STORE_CREATE
    ? {
        what,
        verdict: 'warn',
        found: `${found}; the service ${verb} it when it starts`,
        fix: 'no action is needed',
      }
    : {
        what,
        verdict: 'fail',
        found: `${found}, and HW_STORE_CREATE is false`,
        fix: 'start one writer with HW_STORE_CREATE=true and a user who may create tables',
      };
}

async function checkReading(
  config: DoctorConfig,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const what = 'queries';
  try {
    await using reader = await openReader(config, {
      requestsInFlightMax: 1,
      requestTimeoutMs: giveUpAfterMs,
      clock,
    });
    await reader.dimensions(signal);
    return [{ what, verdict: 'ok', found: `${reader.engine} answered` }];
  } catch (error) {
    return [explainStore(what, error)];
  }
}

function explainStore(what: string, error: unknown): Finding {
  if (!(error instanceof HighwaterError)) throw error;
  const fix = 'correct what the message names: HW_STORE, its password, or the rights of its user';
  return { what, verdict: 'fail', found: error.message, fix };
}
