import ts from 'typescript';
import type { SourceFile } from './repository.ts';
import { literalText, visit } from './syntax.ts';

/** One place where a file names another module. */
export interface Import {
  readonly specifier: string;
  readonly node: ts.Node;
}

/** Several rules ask, and a walk of every file takes as long as each of them. */
const known = new WeakMap<SourceFile, readonly Import[]>();

/**
 * Every module that a file names: imports, re-exports, `import()`, and `new URL('./x.ts',
 * import.meta.url)`, which is how a worker or a child process is named.
 */
export function importsOf(file: SourceFile): readonly Import[] {
  const found = known.get(file) ?? findImports(file);
  known.set(file, found);
  return found;
}

function findImports(file: SourceFile): readonly Import[] {
  const imports: Import[] = [];
  visit(file, (node) => {
    const isDeclaration = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
    const specifier = literalText(isDeclaration ? node.moduleSpecifier : calledModule(node));
    if (specifier !== undefined) imports.push({ specifier, node });
  });
  return imports;
}

function calledModule(node: ts.Node): ts.Node | undefined {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return node.arguments[0];
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return node.argument.literal;
  }
  const isModuleUrl =
    ts.isNewExpression(node) &&
    node.expression.getText() === 'URL' &&
    node.arguments?.[1]?.getText() === 'import.meta.url' &&
    literalText(node.arguments[0])?.endsWith('.ts') === true;
  return isModuleUrl ? node.arguments?.[0] : undefined;
}
