/** One thing that is wrong with a views file, and where. */
export interface ViewProblem {
  /** Member names and list indexes from the top of the file. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A problem as one line: `views[0].window.tumbling: …`. */
export function renderProblem({ path, message }: ViewProblem): string {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return place === '' ? message : `${place.replace(/^\./, '')}: ${message}`;
}
