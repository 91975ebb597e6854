import { posix } from 'node:path';
import ts from 'typescript';
import type { Finding } from '../finding.ts';
import { importsOf } from '../imports.ts';
import { manifestsOf } from '../manifests.ts';
import { placeOf, resolveRelative } from '../places.ts';
import type { Repository, SourceFile } from '../repository.ts';
import { findingAt } from '../syntax.ts';

/** A package's surface is what others use: every name that an entry gives out is imported elsewhere. */
export function usedExports(repository: Repository): readonly Finding[] {
  const used = usedNames(repository);
  return entriesOf(repository).flatMap(({ specifier, workspace, file }) => {
    const names = [...(used.get(specifier) ?? []), ...(used.get(file.path) ?? [])];
    const isUsed = new Set(names.filter(({ by }) => by !== workspace).map(({ name }) => name));
    return givenOut(file)
      .filter(({ name }) => !isUsed.has(name.text))
      .map((element) => {
        const message = `nobody imports ${element.name.text} from ${specifier}; keep it inside (tests of its own import the file)`;
        return findingAt(file, element, message);
      });
  });
}

function entriesOf(repository: Repository) {
  const sources = new Map(repository.sources.map((file) => [file.path, file]));
  return manifestsOf(repository).flatMap(({ workspace, fields, exports }) =>
    Object.entries(exports).flatMap(([part, target]) => {
      const file = sources.get(posix.join(workspace, target));
      const specifier = posix.join(String(fields['name']), part);
      return file === undefined ? [] : [{ specifier, workspace, file }];
    }),
  );
}

function givenOut(file: SourceFile): readonly ts.ExportSpecifier[] {
  return file.syntax.statements.flatMap((statement) => {
    const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined;
    return clause && ts.isNamedExports(clause) ? [...clause.elements] : [];
  });
}

/**
 * Imports by name from each package or file, and the importing workspaces. Files outside workspaces
 * (`test`, `tools`, …) import apps by their files.
 */
function usedNames(repository: Repository) {
  const used = new Map<string, { readonly name: string; readonly by: string | undefined }[]>();
  for (const file of repository.sources) {
    const by = placeOf(file.path).workspace;
    for (const { specifier, node } of importsOf(file)) {
      const module = specifier.startsWith('.') ? resolveRelative(file.path, specifier) : specifier;
      const names = used.get(module) ?? [];
      used.set(module, names);
      for (const name of importedNames(node)) names.push({ name, by });
    }
  }
  return used;
}

function importedNames(node: ts.Node): readonly string[] {
  const bindings = ts.isImportDeclaration(node)
    ? node.importClause?.namedBindings
    : ts.isExportDeclaration(node)
      ? node.exportClause
      : undefined;
  if (!bindings || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return [];
  return bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
}
