import type { Dimension } from '@aws-sdk/client-timestream-write';

/** The measures that every host reports. */
export const measureNames: readonly string[] = [
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

/** What tells a host from others: eight dimensions, sorted by name, about 250 bytes. */
export function hostDimensions(host: number): readonly (Dimension & { readonly Name: string })[] {
  const cell = `us_east_1-cell-${1 + (host % 5)}`;
  return [
    { Name: 'availability_zone', Value: `us_east_1-${1 + (host % 3)}` },
    { Name: 'cell', Value: cell },
    { Name: 'instance_name', Value: `i-zaZswmJk-apollo-${host}.amazonaws.com` },
    { Name: 'instance_type', Value: 'r5.4xlarge' },
    { Name: 'microservice_name', Value: 'apollo' },
    { Name: 'os_version', Value: 'AL2012' },
    { Name: 'region', Value: 'us_east_1' },
    { Name: 'silo', Value: `${cell}-silo-${1 + (host % 2)}` },
  ];
}
