import ts from 'typescript';
import type { Finding } from '../finding.ts';
import { placeOf } from '../places.ts';
import type { Repository, SourceFile } from '../repository.ts';
import { findingAt } from '../syntax.ts';

/** Every exported function and class says what it promises. A type often needs no words. */
export function documentedExports(repository: Repository): readonly Finding[] {
  return repository.sources
    .filter(({ path }) => placeOf(path).kind === 'src')
    .flatMap((file) =>
      file.syntax.statements
        .filter((statement) => isExportedCode(statement) && !isDocumented(file, statement))
        .map((statement) => findingAt(file, statement, message)),
    );
}

const message =
  'export without a doc comment: say what it promises, or what a caller would get wrong';

function isExportedCode(statement: ts.Statement): boolean {
  if (!ts.isFunctionDeclaration(statement) && !ts.isClassDeclaration(statement)) return false;
  const modifiers = ts.getModifiers(statement) ?? [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function isDocumented(file: SourceFile, statement: ts.Statement): boolean {
  const comments = ts.getLeadingCommentRanges(file.text, statement.getFullStart()) ?? [];
  return comments.some(({ pos }) => file.text.startsWith('/**', pos));
}
