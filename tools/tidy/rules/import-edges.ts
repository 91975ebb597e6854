import { posix } from 'node:path';
import type { Finding } from '../finding.ts';
import { importsOf, type Import } from '../imports.ts';
import { appLayer, layers, extraImports, testImports, type Layer } from '../layers.ts';
import { manifestsOf } from '../manifests.ts';
import { packageOf, placeOf, resolveRelative, type Place } from '../places.ts';
import type { Repository } from '../repository.ts';
import { findingAt } from '../syntax.ts';

const scope = '@highwater/';

/** Holds the table of layers: who may import whom. */
export function importEdges(repository: Repository): readonly Finding[] {
  const entries = new Set(
    manifestsOf(repository).flatMap(({ fields, exports }) =>
      Object.keys(exports).map((part) => posix.join(String(fields['name']), part)),
    ),
  );
  return repository.sources.flatMap((file) => {
    const place = placeOf(file.path);
    if (place.workspace === undefined || place.kind === 'other') return [];
    const layer = layerOf(place.workspace);
    if (layer === undefined) {
      const message = `${place.workspace} is not in the table of layers; add it to tools/tidy/layers.ts`;
      return [{ file: file.path, line: 1, message }];
    }
    return importsOf(file).flatMap((found) => {
      const message = judgeDepth(found, entries) ?? judge(found, file.path, place, layer);
      return message === undefined ? [] : [findingAt(file, found.node, message)];
    });
  });
}

function layerOf(workspace: string): Layer | undefined {
  if (!workspace.startsWith('apps/')) return layers[workspace];
  return { ...appLayer, ours: [...appLayer.ours, ...(extraImports[workspace] ?? [])] };
}

function judgeDepth({ specifier }: Import, entries: ReadonlySet<string>): string | undefined {
  const isDeep = specifier.startsWith(scope) && packageOf(specifier) !== specifier;
  if (!isDeep || entries.has(specifier)) return undefined;
  return `deep import ${specifier}; export it from the index.ts of ${packageOf(specifier)}`;
}

function judge(
  { specifier }: Import,
  path: string,
  place: Place,
  layer: Layer,
): string | undefined {
  if (specifier.startsWith('.')) return judgeRelative(specifier, path, place);
  if (specifier.startsWith('node:')) return judgeNode(specifier, place, layer);
  if (specifier.startsWith(scope)) return judgeOurs(specifier, place, layer);
  return judgeForeign(specifier, place, layer);
}

function judgeRelative(specifier: string, path: string, place: Place): string | undefined {
  const target = resolveRelative(path, specifier);
  if (!target.startsWith(`${place.workspace}/`)) {
    return `import ${specifier} leaves ${place.workspace}; import the package by its name`;
  }
  if (place.kind === 'src' && !target.startsWith(`${place.workspace}/src/`)) {
    return `import ${specifier} leaves src; move what is needed into src`;
  }
  return undefined;
}

function judgeNode(specifier: string, place: Place, layer: Layer): string | undefined {
  const isAllowed = layer.node === 'any' || layer.node.includes(specifier.slice('node:'.length));
  if (isAllowed || place.kind === 'test') return undefined;
  return `${place.workspace} is pure and may import node:assert only; move I/O behind a port`;
}

function judgeOurs(specifier: string, place: Place, layer: Layer): string | undefined {
  const name = packageOf(specifier).slice(scope.length);
  const allowed = place.kind === 'test' ? [...layer.ours, ...testImports.ours] : layer.ours;
  const isItself = place.kind === 'test' && place.workspace?.endsWith(`/${name}`) === true;
  if (allowed.includes(name) || isItself) return undefined;
  return `${place.workspace} may import ${list(allowed)} of ours, not ${name}; use a port of model, or wire it in the app`;
}

function judgeForeign(specifier: string, place: Place, layer: Layer): string | undefined {
  const name = packageOf(specifier);
  if (layer.foreign === 'declared' || layer.foreign.includes(name)) return undefined;
  if (place.kind === 'test') return undefined;
  return `${place.workspace} may import ${list(layer.foreign)}, not ${name}; it is pure`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}
