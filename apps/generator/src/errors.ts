import { HighwaterError } from '@highwater/model';

/** The file of points cannot be read. */
export class PointsFileError extends HighwaterError {
  override readonly name = 'PointsFileError';
  readonly code = 'HW_GENERATOR_FILE';
  readonly domain = 'user';
  readonly retry = 'never';

  constructor(path: string, cause: Error) {
    super(`reading points from ${path}: ${cause.message}`, { cause });
  }
}
