/** One place that breaks a rule, with what to write instead. */
export interface Finding {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** Renders a finding so that a terminal makes it a link. */
export function renderFinding({ file, line, message }: Finding): string {
  return `${file}:${line}  ${message}`;
}
