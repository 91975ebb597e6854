import ts from 'typescript';
import type { Finding } from '../finding.ts';
import { placeOf } from '../places.ts';
import type { Repository, SourceFile } from '../repository.ts';
import { findingAt, propertyName, visit } from '../syntax.ts';

const home = 'packages/settings/src/';
const settingName = /^(HW|AWS)(_[A-Z0-9]+)+$/;
/** A schema, or a step of one. A program may still narrow a setting, or give it another default. */
const schema = /\bz\s*\.|\.(describe|meta|default|optional)\(/;

/** A setting has one declaration, in `packages/settings`: programs only select settings. */
export function settingsDeclaredOnce(repository: Repository): readonly Finding[] {
  const seen = new Set<string>();
  return repository.sources
    .filter(({ path }) => placeOf(path).kind === 'src' || path.startsWith('infra/'))
    .flatMap((file) =>
      declarationsOf(file).flatMap(({ name, node }) => {
        if (!file.path.startsWith(home)) {
          return [findingAt(file, node, `setting ${name}: declare it in ${home}, select it here`)];
        }
        if (seen.has(name)) return [findingAt(file, node, `setting ${name}: it is declared twice`)];
        seen.add(name);
        return [];
      }),
    );
}

function declarationsOf(file: SourceFile) {
  const found: { readonly name: string; readonly node: ts.Node }[] = [];
  visit(file, (node) => {
    if (!ts.isPropertyAssignment(node) || !schema.test(node.initializer.getText())) return;
    const name = propertyName(node.name) ?? '';
    if (settingName.test(name)) found.push({ name, node });
  });
  return found;
}
