import type { Finding } from '../finding.ts';
import { importsOf } from '../imports.ts';
import { testImports } from '../layers.ts';
import { manifestsOf } from '../manifests.ts';
import { packageOf, placeOf } from '../places.ts';
import type { Repository } from '../repository.ts';
import { findingAt } from '../syntax.ts';

/**
 * Every package that is imported is declared where it is imported. The compiler and Node find an
 * undeclared one through the root, so only this sees it, or the first image that lacks it.
 */
export function declaredDependencies(repository: Repository): readonly Finding[] {
  const manifests = manifestsOf(repository);
  const root = manifests.find(({ workspace }) => workspace === '');
  const everywhere = Object.keys({ ...root?.dependencies, ...root?.devDependencies });

  return repository.sources.flatMap((file) => {
    const place = placeOf(file.path);
    if (place.workspace === undefined) return [];
    const manifest = manifests.find(({ workspace }) => workspace === place.workspace);
    const declared = new Set(Object.keys(manifest?.dependencies ?? {}));
    if (place.kind !== 'src') {
      const forTests = [...testImports.ours.map((name) => `@highwater/${name}`), ...everywhere];
      const forBuilds = Object.keys(manifest?.devDependencies ?? {});
      for (const name of [...forTests, ...testImports.foreign, ...forBuilds]) declared.add(name);
      declared.add(String(manifest?.fields['name']));
    }
    return importsOf(file)
      .filter(({ specifier }) => !/^(\.|node:)/.test(specifier))
      .filter(({ specifier }) => !declared.has(packageOf(specifier)))
      .map(({ specifier, node }) =>
        findingAt(
          file,
          node,
          `${packageOf(specifier)} is not declared; add it to the dependencies in ${place.workspace}/package.json`,
        ),
      );
  });
}
