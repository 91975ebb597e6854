import type { Finding } from '../finding.ts';
import { lineOf, manifestsOf, type Manifest } from '../manifests.ts';
import type { Repository } from '../repository.ts';

/** Holds what every workspace's package.json has in common, and one version a dependency. */
export function equalManifests(repository: Repository): readonly Finding[] {
  const manifests = manifestsOf(repository);
  const root = manifests.find(({ workspace }) => workspace === '');
  const workspaces = manifests.filter(({ workspace }) => workspace !== '');
  return [
    ...workspaces.flatMap((manifest) => fieldsOf(manifest, root)),
    ...workspaces.flatMap((manifest) => exportsOf(manifest, repository)),
    ...versionsOf(manifests),
  ];
}

function fieldsOf(manifest: Manifest, root: Manifest | undefined): readonly Finding[] {
  const { workspace, fields } = manifest;
  const test = `vitest run --root ../.. --project unit --project sim ${workspace}/`;
  const wanted: Readonly<Record<string, unknown>> = {
    name: `@highwater/${workspace.split('/')[1]}`,
    version: root?.fields['version'],
    private: true,
    type: 'module',
    scripts: {
      typecheck: 'tsc -b',
      lint: 'oxlint --type-aware -c ../../.oxlintrc.json src test',
      test,
    },
  };
  const wrong = Object.entries(wanted)
    .filter(([name, value]) => JSON.stringify(fields[name]) !== JSON.stringify(value))
    .map(([name, value]) =>
      finding(manifest, `"${name}"`, `${name}: write ${JSON.stringify(value)}`),
    );
  const isDescribed = typeof fields['description'] === 'string' && fields['description'] !== '';
  return isDescribed ? wrong : [...wrong, finding(manifest, '', 'description: write one line')];
}

/** Others see only the exports of an `index.ts`. */
function exportsOf(manifest: Manifest, repository: Repository): readonly Finding[] {
  const { workspace, exports } = manifest;
  const hasIndex = repository.files.some(({ path }) => path === `${workspace}/src/index.ts`);
  const wanted = { ...(hasIndex ? { '.': './src/index.ts' } : {}), ...partsOf(manifest) };
  if (JSON.stringify(exports) === JSON.stringify(wanted)) return [];
  return [finding(manifest, '"exports"', `exports: write ${JSON.stringify(wanted)}`)];
}

function partsOf({ exports }: Manifest): Readonly<Record<string, string>> {
  const parts = Object.keys(exports).filter((name) => name !== '.');
  return Object.fromEntries(parts.map((name) => [name, `./src/${name.slice(2)}/index.ts`]));
}

function versionsOf(manifests: readonly Manifest[]): readonly Finding[] {
  const first = new Map<string, string>();
  return manifests.flatMap((manifest) => {
    const all = { ...manifest.devDependencies, ...manifest.dependencies };
    return Object.entries(all).flatMap(([name, version]) => {
      const problem = judgeVersion(name, version, first.get(name));
      if (!first.has(name)) first.set(name, version);
      return problem === undefined ? [] : [finding(manifest, `"${name}"`, problem)];
    });
  });
}

function judgeVersion(
  name: string,
  version: string,
  first: string | undefined,
): string | undefined {
  if (name.startsWith('@highwater/')) {
    return version === '*' ? undefined : `${name}: write "*", it is always the one beside it`;
  }
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) return `${name}: write one exact version`;
  if (first === undefined || first === version) return undefined;
  return `${name}: write ${first}, as the other workspaces do`;
}

function finding(manifest: Manifest, at: string, message: string): Finding {
  return { file: manifest.path, line: lineOf(manifest, at), message };
}
