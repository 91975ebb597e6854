import { HighwaterError } from '@highwater/model';
import { renderProblem, type ViewProblem } from './views/view-problem.ts';

/** A views file says something that cannot be computed. */
export class ViewsError extends HighwaterError {
  override readonly name = 'ViewsError';
  readonly code = 'HW_VIEWS_INVALID';
  readonly domain = 'user';
  readonly retry = 'never';
  readonly problems: readonly ViewProblem[];

  constructor(problems: readonly ViewProblem[]) {
    const lines = problems.map((problem) => `\n  ${renderProblem(problem)}`).join('');
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(`reading the views: ${count}${lines}`);
    this.problems = problems;
  }
}

/** This version cannot read a snapshot of the window operator. */
export class SnapshotError extends HighwaterError {
  override readonly name = 'SnapshotError';
  readonly code = 'HW_WINDOWING_SNAPSHOT';
  readonly domain = 'external';
  readonly retry = 'never';

  constructor(detail: string, options?: ErrorOptions) {
    super(
      `restoring the open windows: ${detail}; deploy the version that wrote the snapshot, or start once with HW_RECOVER=replay`,
      options,
    );
  }
}

/** A view computes something different than before under the same revision. */
export class ViewChangedError extends HighwaterError {
  override readonly name = 'ViewChangedError';
  readonly code = 'HW_VIEWS_CHANGED';
  readonly domain = 'user';
  readonly retry = 'never';

  constructor(
    view: { readonly name: string; readonly revision: number; readonly definition: string },
    before: string,
  ) {
    const lines = [
      `starting view ${view.name} revision ${view.revision}: its definition has changed, but its revision has not`,
      `  it was  ${before}`,
      `  it is   ${view.definition}`,
      'give it a higher revision, so that its new rows replace the old rows, or undo the change',
    ];
    super(lines.join('\n'));
  }
}
