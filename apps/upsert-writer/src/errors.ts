import { HighwaterError } from '@highwater/model';

/** This version cannot read a snapshot of the open rows. */
export class UpsertSnapshotError extends HighwaterError {
  override readonly name = 'UpsertSnapshotError';
  readonly code = 'HW_UPSERT_WRITER_SNAPSHOT';
  readonly domain = 'external';
  readonly retry = 'never';

  constructor(detail: string, options?: ErrorOptions) {
    super(
      `restoring the open rows: ${detail}; deploy the version that wrote the snapshot, or start once with HW_RECOVER=replay`,
      options,
    );
  }
}
