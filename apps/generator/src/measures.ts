import type { MeasureValueType } from '@highwater/model';
import type { PythonRandom } from './python-random.ts';

/** How busy a host's processors are, for its whole life. */
export type Utilization = 'low' | 'normal' | 'high';

/** A measure's name and type. */
export interface Measure {
  readonly name: string;
  readonly type: MeasureValueType;
}

const doubles = (...names: readonly string[]): readonly Measure[] =>
  names.map((name) => ({ name, type: 'DOUBLE' }));

const smallCpuMeasures = doubles(
  'cpu_system',
  'cpu_steal',
  'cpu_iowait',
  'cpu_nice',
  'cpu_hi',
  'cpu_si',
);

const evenMeasures = doubles(
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
);

/** The measures of every host, in the order of {@link drawHostValues}. */
export const hostMeasures: readonly Measure[] = [
  ...doubles('cpu_user'),
  ...smallCpuMeasures,
  ...doubles('cpu_idle'),
  ...evenMeasures,
];

/** The measures of every process, in the order of {@link drawProcessValues}. */
export const processMeasures: readonly Measure[] = [
  { name: 'task_completed', type: 'BIGINT' },
  { name: 'task_end_state', type: 'VARCHAR' },
  ...doubles('gc_reclaimed', 'gc_pause', 'memory_free'),
];

const cpuUserRange: Readonly<Record<Utilization, { from: number; width: number }>> = {
  low: { from: 0, width: 10 },
  normal: { from: 35, width: 30 },
  high: { from: 85, width: 10 },
};

/**
 * One value for each of the host's measures. The processor times add up to 100.
 *
 * @returns texts in the order of {@link hostMeasures}
 */
export function drawHostValues(utilization: Utilization, random: PythonRandom): readonly string[] {
  const { from, width } = cpuUserRange[utilization];
  const cpuUser = from + width * random.uniform();
  const smallCpu = smallCpuMeasures.map(() => random.uniform());
  const cpuIdle = 100 - cpuUser - smallCpu.reduce((sum, value) => sum + value, 0);
  const even = evenMeasures.map(() => 100 * random.uniform());
  return [cpuUser, ...smallCpu, cpuIdle, ...even].map(String);
}

/** End states of a task with their cumulative probabilities. */
const endStates = [
  { state: 'SUCCESS_WITH_NO_RESULT', below: 0.2 },
  { state: 'SUCCESS_WITH_RESULT', below: 0.9 },
  { state: 'INTERNAL_ERROR', below: 0.91 },
  { state: 'USER_ERROR', below: 0.98 },
  { state: 'UNKNOWN', below: 0.99 },
  { state: 'THROTTLED', below: 1 },
] as const;

const tasksCompletedMax = 500;

/**
 * One value for each of the process's measures.
 *
 * @returns texts in the order of {@link processMeasures}
 */
export function drawProcessValues(random: PythonRandom): readonly string[] {
  const tasksCompleted = random.below(tasksCompletedMax + 1);
  const drawn = random.uniform();
  const endState = endStates.find(({ below }) => drawn < below)?.state ?? 'THROTTLED';
  const even = () => String(100 * random.uniform());
  return [String(tasksCompleted), endState, even(), even(), even()];
}
