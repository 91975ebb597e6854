import { renderProblem, type ViewProblem } from '@highwater/windowing';
import { readFile } from 'node:fs/promises';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';

/** A problem and its position in the file, line and column from 1. */
export interface LocatedProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A YAML file that remembers the positions of its values. */
export interface YamlFile {
  readonly content: unknown;
  /** Problems with its YAML syntax. */
  readonly problems: readonly LocatedProblem[];
  /** Whether the content can be checked although there may be problems. */
  readonly isReadable: boolean;
  /** Finds the positions of problems. A missing value has the position of its parent. */
  locate(problems: readonly ViewProblem[]): readonly LocatedProblem[];
}

/** Problems as `file:line:column: what is wrong`, in the order of the file. */
export function renderProblems(
  path: string,
  problems: readonly LocatedProblem[],
): readonly string[] {
  return problems
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`);
}

/** Reads a YAML (or JSON) file. If it cannot be opened, that is a problem of its first line. */
export async function readYaml(path: string): Promise<YamlFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    const problems = [{ line: 1, column: 1, message }];
    return { content: undefined, problems, isReadable: false, locate: () => [] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number, message: string): LocatedProblem => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col, message };
  };
  const errors = document.errors.map(({ pos, message }) => at(pos[0], message));
  return {
    content: document.errors.length > 0 ? undefined : (document.toJS() as unknown),
    problems: errors,
    isReadable: errors.length === 0,
    locate: (problems) =>
      problems.map((problem) => at(offsetOf(document, problem.path), renderProblem(problem))),
  };
}

/** The position of a path: its key in a map, its item in a list, or the nearest parent. */
function offsetOf(document: Document, path: ViewProblem['path']): number {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
    if (pair && isScalar(pair.key)) return pair.key.range?.[0] ?? 0;
  }
  const node = document.getIn(path, true);
  if (isNode(node) && node.range) return node.range[0];
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
}
