import type { Finding } from '../finding.ts';
import type { Repository } from '../repository.ts';

const places: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  {
    pattern: /(?<![\w.@/-])\/(?:home|Users|root|work)\/[\w.-]+/,
    instead: 'is a path of one machine; write it relative to the repository',
  },
  {
    pattern:
      /https?:\/\/(?!registry\.npmjs\.org\b)[\w.-]*(?:registry|artifactory|nexus|verdaccio)[\w.-]*/i,
    instead: 'is a package registry; leave it to the npm configuration of each machine',
  },
  {
    pattern: /https?:\/\/[^\s"']+\.tgz\b/,
    instead:
      'is a download address; leave it out of the lock file (omit-lockfile-registry-resolved)',
  },
];

/** Facts that are true only on this machine do not belong in the repository. */
export function privatePlaces(repository: Repository): readonly Finding[] {
  return repository.files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) =>
      places.flatMap(({ pattern, instead }) => {
        const found = pattern.exec(line)?.[0];
        return found === undefined
          ? []
          : [{ file: path, line: index + 1, message: `${found} ${instead}` }];
      }),
    ),
  );
}
