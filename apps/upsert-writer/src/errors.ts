import { HighwaterError } from '@highwater/model';

/** A snapshot of the open rows is not one that this version can read. */
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
