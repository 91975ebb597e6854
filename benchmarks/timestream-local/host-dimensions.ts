import type { Dimension } from '@aws-sdk/client-timestream-write';
import { buildFleet, originalSeed } from '../../apps/generator/src/fleet.ts';
import { hostMeasures } from '../../apps/generator/src/measures.ts';

/** The measures that every host reports. */
export const measureNames = hostMeasures.map(({ name }) => name);

const hostsCount = 250;
const silosCount = 45;
/** So large that a silo has as many machines of a kind: names repeat from silo to silo. */
const hostScale = Math.ceil(hostsCount / 3);

/** The dimensions of a host: eight, sorted by name, about 250 bytes. */
export function hostDimensions(host: number): readonly (Dimension & { readonly Name: string })[] {
  const dimensions = hosts[host];
  if (!dimensions) throw new Error(`there are ${hostsCount} hosts, and no ${host}`);
  return dimensions;
}

const hosts = pickHosts();

/** Machines of one kind in one region of the generator's fleet, each of a name and in the next silo. */
function pickHosts() {
  const machines = buildFleet(hostScale, originalSeed).hosts.filter(({ dimensions }) =>
    ['us_east_1', 'apollo'].every((wanted) => dimensions.some(({ value }) => value === wanted)),
  );
  const perSilo = machines.length / silosCount;
  return Array.from({ length: hostsCount }, (_, host) => {
    const { dimensions = [] } = machines[(host % silosCount) * perSilo + host] ?? {};
    return dimensions
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, value }) => ({ Name: name, Value: value }));
  });
}
