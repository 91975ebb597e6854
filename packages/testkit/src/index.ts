export { damage } from './damage.ts';
export { FaultPlan, type FaultRates } from '@highwater/kinesis-engine/faults';
export { modesIn, underUmask } from './file-modes.ts';
export { fillDisk } from './fill-disk.ts';
export {
  bytesField,
  encodeAggregate,
  numberField,
  sealAggregate,
} from './kinesis/encode-aggregate.ts';
export { MemoryKinesis } from './kinesis/memory-kinesis.ts';
export { withFaults } from './kinesis/with-faults.ts';
export { MemoryLeaseStore } from './leases/memory-lease-store.ts';
export { MemoryStateStore } from './leases/memory-state-store.ts';
export { SeededRandom } from '@highwater/kinesis-engine/faults';
export { silentLogger } from './silent-logger.ts';
export { SimulatedClock } from './simulated-clock.ts';
export { faultyStore, StoreUnavailableError } from './store/faulty-store.ts';
export { MemoryStore, type SimulatedStore } from './store/memory-store.ts';
export { MergingStore } from './store/merging-store.ts';
