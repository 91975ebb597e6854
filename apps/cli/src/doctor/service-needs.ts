import type { StoreTable } from '@highwater/model';
import type { DoctorConfig } from './doctor-config.ts';

/** The resources of one service. */
export interface ServiceNeeds {
  readonly service: ServiceName;
  readonly reads?: string | undefined;
  readonly puts?: string | undefined;
  readonly hasViews?: boolean | undefined;
  readonly hasDeadLetters?: boolean | undefined;
  readonly writesTables?: readonly StoreTable[] | undefined;
  readonly queriesTables?: readonly StoreTable[] | undefined;
}

/** The services that `doctor` knows. */
export const serviceNames = [
  'generator',
  'aggregator',
  'raw-writer',
  'upsert-writer',
  'dashboard',
] as const;

/** One of them. */
export type ServiceName = (typeof serviceNames)[number];

/** The resources that a service needs, by its settings. */
export function needsOf(service: ServiceName, config: DoctorConfig): ServiceNeeds {
  const { HW_RAW_STREAM: raw, HW_RESULTS_STREAM: results } = config;
  const corrections: readonly StoreTable[] =
    config.HW_UPSERT_WRITER_CORRECTIONS_PER_SECOND_MAX > 0 ? ['corrections'] : [];
  switch (service) {
    case 'generator':
      return { service, puts: raw };
    case 'aggregator':
      return { service, reads: raw, puts: results, hasViews: true, hasDeadLetters: true };
    case 'raw-writer':
      return { service, reads: raw, writesTables: ['raw'], hasDeadLetters: true };
    case 'upsert-writer':
      return {
        service,
        reads: results,
        hasViews: true,
        writesTables: ['views', ...corrections],
        hasDeadLetters: true,
      };
    case 'dashboard':
      return { service, queriesTables: ['raw', 'views', ...corrections] };
  }
}
