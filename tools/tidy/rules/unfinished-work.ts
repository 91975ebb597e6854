import type { Finding } from '../finding.ts';
import type { Repository } from '../repository.ts';

const unfinished = /\b(FIXME|TODO|XXX)\b/;

/** Unfinished work is finished, or recorded where work is planned. */
export function unfinishedWork(repository: Repository): readonly Finding[] {
  return repository.files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const word = unfinished.exec(line)?.[1];
      // The rule and its test have to name the words.
      if (word === undefined || path.startsWith('tools/tidy/')) return [];
      return [{ file: path, line: index + 1, message: `${word}: finish it, or open an issue` }];
    }),
  );
}
