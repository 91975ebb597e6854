import ts from 'typescript';
import type { Finding } from './finding.ts';
import type { SourceFile } from './repository.ts';

/** Visits every node of a file, parents first. */
export function visit(file: SourceFile, see: (node: ts.Node) => void): void {
  const walk = (node: ts.Node) => {
    see(node);
    ts.forEachChild(node, walk);
  };
  walk(file.syntax);
}

/** A finding at a node. */
export function findingAt(file: SourceFile, node: ts.Node, message: string): Finding {
  const { line } = file.syntax.getLineAndCharacterOfPosition(node.getStart(file.syntax));
  return { file: file.path, line: line + 1, message };
}

/** The text of a string literal without placeholders; undefined for anything else. */
export function literalText(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** The value of a property of an object literal. */
export function propertyOf(node: ts.Node | undefined, name: string): ts.Expression | undefined {
  if (node === undefined || !ts.isObjectLiteralExpression(node)) return undefined;
  const property = node.properties.find(
    (candidate) => candidate.name !== undefined && propertyName(candidate.name) === name,
  );
  return property !== undefined && ts.isPropertyAssignment(property)
    ? property.initializer
    : undefined;
}

/** A property's name where it is written out. */
export function propertyName(name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
}
