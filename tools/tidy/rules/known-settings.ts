import ts from 'typescript';
import type { Finding } from '../finding.ts';
import type { Repository, SourceFile } from '../repository.ts';
import { findingAt, literalText, propertyName, visit } from '../syntax.ts';

const listFile = 'packages/service/src/known-settings.ts';

/** Where programs and packages declare settings; the tests' own programs are none of the product. */
const configFile = /^(apps\/[^/]+\/src|packages\/[^/]+\/src|infra)\/(.*[/-])?config\.ts$/;

/**
 * The list of all settings is exactly what the `config.ts` files declare. A name that is missing would
 * stop every program that it is not meant for; one too many would hide a misspelling.
 */
export function knownSettings(repository: Repository): readonly Finding[] {
  const list = repository.sources.find(({ path }) => path === listFile);
  const listed = list === undefined ? [] : namesListed(list);
  const declared = repository.sources
    .filter(({ path }) => configFile.test(path))
    .flatMap((file) => namesDeclared(file));

  const isListed = new Set(listed.map(({ name }) => name));
  const isDeclared = new Set(declared.map(({ name }) => name));
  const missing = declared.filter(({ name }) => !isListed.has(name));
  const stale = listed.filter(({ name }) => !isDeclared.has(name));
  return [
    ...missing.map(({ name, file, node }) =>
      findingAt(file, node, `setting ${name}: add it to ${listFile}`),
    ),
    ...stale.map(({ name, file, node }) =>
      findingAt(file, node, `setting ${name}: remove it, no config.ts declares it`),
    ),
  ];
}

interface Named {
  readonly name: string;
  readonly file: SourceFile;
  readonly node: ts.Node;
}

function namesDeclared(file: SourceFile): readonly Named[] {
  const found: Named[] = [];
  visit(file, (node) => {
    if (!ts.isPropertyAssignment(node)) return;
    const name = propertyName(node.name) ?? '';
    if (name.startsWith('HW_')) found.push({ name, file, node });
  });
  return found;
}

function namesListed(file: SourceFile): readonly Named[] {
  const found: Named[] = [];
  visit(file, (node) => {
    const name = literalText(node) ?? '';
    if (name.startsWith('HW_')) found.push({ name, file, node });
  });
  return found;
}
