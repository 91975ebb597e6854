import { HighwaterError } from '@highwater/model';
import { renderProblem, type ViewProblem } from './view-problem.ts';

/** A views file says something that cannot be computed. */
export class ViewsError extends HighwaterError {
  override readonly name = 'ViewsError';
  readonly code = 'HW_VIEWS_INVALID';
  readonly domain = 'user';
  readonly retry = 'never';
  readonly problems: readonly ViewProblem[];

  constructor(problems: readonly ViewProblem[]) {
    const lines = problems.map((problem) => `\n  ${renderProblem(problem)}`).join('');
    super(`reading the views: ${problems.length} problems${lines}`);
    this.problems = problems;
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
