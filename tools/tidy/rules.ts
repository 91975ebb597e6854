import type { Finding } from './finding.ts';
import type { Repository } from './repository.ts';
import { bannedCalls } from './rules/banned-calls.ts';
import { declaredDependencies } from './rules/declared-dependencies.ts';
import { documentedExports } from './rules/documented-exports.ts';
import { equalManifests } from './rules/equal-manifests.ts';
import { fileLength } from './rules/file-length.ts';
import { fileNames } from './rules/file-names.ts';
import { functionLength } from './rules/function-length.ts';
import { importEdges } from './rules/import-edges.ts';
import { metricNames } from './rules/metric-names.ts';
import { plainEnglish } from './rules/plain-english.ts';
import { privatePlaces } from './rules/private-places.ts';
import { reachableSources } from './rules/reachable-sources.ts';
import { sequenceComparison } from './rules/sequence-comparison.ts';
import { settingsDeclaredOnce } from './rules/settings-declared-once.ts';
import { unfinishedWork } from './rules/unfinished-work.ts';
import { usedExports } from './rules/used-exports.ts';

/** One rule: checks the whole repository and reports violations. */
export type Rule = (repository: Repository) => readonly Finding[];

/** Every rule of the repository, by name. */
export const rules: Readonly<Record<string, Rule>> = {
  importEdges,
  declaredDependencies,
  fileLength,
  functionLength,
  bannedCalls,
  sequenceComparison,
  unfinishedWork,
  metricNames,
  settingsDeclaredOnce,
  equalManifests,
  fileNames,
  reachableSources,
  documentedExports,
  plainEnglish,
  privatePlaces,
  usedExports,
};

/** Applies every rule; in the order of files and lines. */
export function checkRepository(repository: Repository): readonly Finding[] {
  return Object.values(rules)
    .flatMap((rule) => rule(repository))
    .toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}
