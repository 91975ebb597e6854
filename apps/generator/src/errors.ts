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

/** The file of points is too far out of time order to be merged here. */
export class PointsOrderError extends HighwaterError {
  override readonly name = 'PointsOrderError';
  readonly code = 'HW_GENERATOR_ORDER';
  readonly domain = 'user';
  readonly retry = 'never';

  constructor(
    path: string,
    {
      stepsBack,
      furthestBehindMs,
    }: { readonly stepsBack: number; readonly furthestBehindMs: number },
  ) {
    super(
      `sorting the points of ${path} by time: nothing was sent, because the lines are too far out of order to be sorted in memory: the time goes back more than ` +
        `${stepsBack.toLocaleString('en-US')} times, by up to ${furthestBehindMs / 1000} s; ` +
        'sort the lines by time, or split the file by time into several files and send the earliest one first',
    );
  }
}
