import ts from 'typescript';
import type { Finding } from '../finding.ts';
import type { Repository } from '../repository.ts';
import { findingAt, literalText, visit } from '../syntax.ts';

const ordering = new Set([
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);

/** Sequence numbers are decimal strings of many lengths: `<` compares them as text. */
export function sequenceComparison(repository: Repository): readonly Finding[] {
  const findings: Finding[] = [];
  for (const file of repository.sources) {
    visit(file, (node) => {
      if (!ts.isBinaryExpression(node) || !ordering.has(node.operatorToken.kind)) return;
      const isLiteral = literalText(node.right) !== undefined;
      if (isLiteral || ![node.left, node.right].some(isSequenceNumber)) return;
      const message = `${node.operatorToken.getText()} on sequence numbers: write compareSequence(a, b) ${node.operatorToken.getText()} 0`;
      findings.push(findingAt(file, node, message));
    });
  }
  return findings;
}

function isSequenceNumber(node: ts.Expression): boolean {
  return /(^|\.)\w*sequence(Number)?[!?]?$/i.test(node.getText());
}
