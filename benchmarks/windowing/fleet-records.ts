import { SeededRandom } from '@highwater/testkit';
import { createDraws } from '../../apps/generator/src/draws.ts';
import { encodeRound } from '../../apps/generator/src/encode-round.ts';
import { buildFleet, originalSeed } from '../../apps/generator/src/fleet.ts';
import { fleetReporters } from '../../apps/generator/src/reporter.ts';

/** Numeric series of the seed's fleet at host-scale 3. */
export const seriesCount = 74_400;

const reporters = fleetReporters(buildFleet(3, originalSeed));

/**
 * One round of points of the fleet as the generator sends it, about 400 bytes each. Without the
 * 3,600 series of texts, which no view averages.
 */
export function fleetRecords(timeSeconds: number): string[] {
  const round = encodeRound(reporters, {
    draws: createDraws(originalSeed),
    timeUnit: 'SECONDS',
    nextTime: () => String(timeSeconds),
    hasRandomPartitionKeys: false,
  });
  return Array.from(round, ({ data }) => Buffer.from(data).toString('latin1')).filter(
    (text) => !text.includes('"MeasureValueType": "VARCHAR"'),
  );
}

/** The records as in a reply of the stream: small buffers, one after another. */
export function toRecords(texts: readonly string[], timeSeconds: number) {
  return texts.map((text, index) => ({
    sequenceNumber: String(index),
    partitionKey: 'host',
    data: Buffer.from(text),
    arrivalTimeMs: timeSeconds * 1000,
  }));
}

/** The same texts in another order. */
export function shuffled<Item>(items: readonly Item[], seed: string): Item[] {
  const random = new SeededRandom(seed);
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const at = random.int(0, last);
    [copy[last], copy[at]] = [copy[at] as Item, copy[last] as Item];
  }
  return copy;
}

/**
 * The same texts with the hosts in another order. The texts of one host or process stay together.
 */
export function shuffledHosts(texts: readonly string[], seed: string): string[] {
  const hosts = [...Map.groupBy(texts, dimensionsOf).values()];
  return shuffled(hosts, seed).flat();
}

/** The part of a record that its other measures share. */
function dimensionsOf(text: string): string {
  return text.slice(text.indexOf('"TimeUnit"'));
}
