import type { Clock, OutgoingRecord } from '@highwater/model';
import type { GeneratorConfig } from './config.ts';
import { createDraws } from './draws.ts';
import { encodeRound } from './encode-round.ts';
import { buildFleet } from './fleet.ts';
import { fleetReporters } from './reporter.ts';
import { RoundClock } from './round-clock.ts';
import { slices } from './slices.ts';
import type { Tally } from './tally.ts';
import { withDuplicates } from './with-duplicates.ts';

/** Dependencies of a source of slices. */
export interface SliceOptions {
  readonly config: GeneratorConfig;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly sliceRecordsMax: number;
}

/**
 * The points of the simulated fleet, round after round, until the signal aborts or the last round.
 *
 * All points of a round have the time of its start. With a rate limit, a round may take minutes.
 * Then every slice has the time at which it is made.
 */
export async function* fleetSlices(
  { config, clock, tally, sliceRecordsMax }: SliceOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly OutgoingRecord[], void, undefined> {
  const { HW_GENERATOR_SEED: seed, HW_GENERATOR_TIME_UNIT: timeUnit } = config;
  const reporters = fleetReporters(
    buildFleet(config.HW_GENERATOR_HOST_SCALE, seed),
    config.HW_GENERATOR_SERIES,
  );
  const draws = createDraws(seed);
  const roundsMax = config.HW_GENERATOR_ROUNDS ?? Infinity;
  for (let round = 1; round <= roundsMax; round++) {
    const times = new RoundClock({
      lateness: {
        percentLate: config.HW_GENERATOR_PERCENT_LATE,
        lateTimeSeconds: config.HW_GENERATOR_LATE_TIME_SECONDS,
        isPerPoint: config.HW_GENERATOR_LATE_PER_POINT,
      },
      random: draws.lateness,
      timeUnit,
      onLate: () => tally.addLatePoint(),
    });
    const records = withDuplicates(
      encodeRound(reporters, {
        draws,
        timeUnit,
        nextTime: () => times.next(),
        hasRandomPartitionKeys: config.HW_GENERATOR_RANDOM_PARTITION_KEYS,
      }),
      config.HW_GENERATOR_DUPLICATE_PERCENT,
      draws.duplicates,
      () => tally.addDuplicate(),
    );
    times.set(clock.nowMs());
    for (const slice of slices(records, sliceRecordsMax)) {
      yield slice;
      if (config.HW_GENERATOR_RATE !== undefined) times.set(clock.nowMs());
    }
    tally.addRound();
    if (round < roundsMax && config.HW_GENERATOR_SLEEP_TIME_SECONDS > 0) {
      await clock.sleep(config.HW_GENERATOR_SLEEP_TIME_SECONDS * 1000, signal);
    }
  }
}
