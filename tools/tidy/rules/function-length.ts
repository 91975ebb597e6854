import ts from 'typescript';
import type { Finding } from '../finding.ts';
import { placeOf } from '../places.ts';
import type { Repository, SourceFile } from '../repository.ts';
import { findingAt, visit } from '../syntax.ts';

const linesMax = 70;

/** Tables of metrics: declarations in a row, nothing to follow. */
const isTable = /^define\w+Metrics$/;

/** Files whose longest function may be longer, and by how much. These numbers only go down. */
export const ratchet: Readonly<Record<string, number>> = {
  'packages/model/src/decode-point.ts': 85,
};

/**
 * A function fits a screen; functions inside it count for themselves. Tests are exempt: a `describe`
 * is a function too.
 */
export function functionLength(repository: Repository): readonly Finding[] {
  const findings: Finding[] = [];
  for (const file of repository.sources) {
    if (placeOf(file.path).kind === 'test') continue;
    const allowed = ratchet[file.path] ?? linesMax;
    visit(file, (node) => {
      if (!isFunction(node) || isTable.test(nameOf(node))) return;
      const linesCount = ownLines(file, node);
      if (linesCount <= allowed) return;
      const message = `function of ${linesCount} lines, at most ${allowed}; move its steps into functions with names`;
      findings.push(findingAt(file, node, message));
    });
  }
  return findings;
}

function isFunction(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

function nameOf(node: ts.FunctionLikeDeclaration): string {
  return node.name?.getText() ?? '';
}

/** Its lines without those of the functions inside it. */
function ownLines(file: SourceFile, node: ts.Node): number {
  let linesCount = linesOf(file, node);
  const subtract = (inner: ts.Node) => {
    if (isFunction(inner)) linesCount -= linesOf(file, inner) - 1;
    else ts.forEachChild(inner, subtract);
  };
  ts.forEachChild(node, subtract);
  return linesCount;
}

function linesOf(file: SourceFile, node: ts.Node): number {
  const { line: first } = file.syntax.getLineAndCharacterOfPosition(node.getStart());
  const { line: last } = file.syntax.getLineAndCharacterOfPosition(node.getEnd());
  return last - first + 1;
}
