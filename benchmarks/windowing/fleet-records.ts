import { SeededRandom } from '@highwater/testkit';

const measures = [
  'cpu_user',
  'cpu_system',
  'cpu_steal',
  'cpu_iowait',
  'cpu_nice',
  'cpu_hi',
  'cpu_si',
  'cpu_idle',
  'memory_free',
  'memory_used',
  'memory_cached',
  'disk_io_reads',
  'disk_io_writes',
  'latency_per_read',
  'latency_per_write',
  'network_bytes_in',
  'network_bytes_out',
  'disk_used',
  'disk_free',
  'file_descriptors_in_use',
];

/** Numeric series of the seed's fleet at host-scale 3. */
export const seriesCount = 74_400;

/**
 * One round of points of the fleet, in the generator's bytes and order: about 400 bytes each, values
 * as Python prints doubles.
 */
export function fleetRecords(timeSeconds: number): string[] {
  const random = new SeededRandom('fleet');
  return Array.from({ length: seriesCount }, (_, index) => {
    const host = Math.floor(index / measures.length);
    const measure = measures[index % measures.length];
    const cell = `us_east_1-cell-${(host % 15) + 1}`;
    const name = `i-zaZswmJk-apollo-${String(Math.floor(host / 45)).padStart(4, '0')}`;
    return (
      `{"MeasureName": "${measure}", "MeasureValue": "${random.uniform() * 100}", ` +
      `"MeasureValueType": "DOUBLE", "Time": "${timeSeconds}", "TimeUnit": "SECONDS", ` +
      `"region": "us_east_1", "cell": "${cell}", "silo": "${cell}-silo-${(host % 45) + 1}", ` +
      `"availability_zone": "us_east_1-${(host % 3) + 1}", "microservice_name": "apollo", ` +
      `"instance_type": "r5.4xlarge", "os_version": "AL2", "instance_name": "${name}.amazonaws.com"}`
    );
  });
}

/** The records as a reply of the stream holds them: small buffers, one after the other. */
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

/** The same texts with the hosts in another order: what one host sends stays together. */
export function shuffledHosts(texts: readonly string[], seed: string): string[] {
  const hosts = Array.from({ length: texts.length / measures.length }, (_, host) =>
    texts.slice(host * measures.length, (host + 1) * measures.length),
  );
  return shuffled(hosts, seed).flat();
}
