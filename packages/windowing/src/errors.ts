import { HighwaterError } from '@highwater/model';

/** A views file says something that cannot be computed. */
export class ViewsError extends HighwaterError {
  override readonly name = 'ViewsError';
  readonly code = 'HW_VIEWS_INVALID';
  readonly domain = 'user';
  readonly retry = 'never';

  constructor(problems: string) {
    super(`reading the views:\n${problems}`);
  }
}

/** A snapshot of the window operator is not one that this version can read. */
export class SnapshotError extends HighwaterError {
  override readonly name = 'SnapshotError';
  readonly code = 'HW_WINDOWING_SNAPSHOT';
  readonly domain = 'external';
  readonly retry = 'never';

  constructor(detail: string, options?: ErrorOptions) {
    super(`restoring the open windows: ${detail}`, options);
  }
}
