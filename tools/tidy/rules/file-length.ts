import type { Finding } from '../finding.ts';
import { placeOf } from '../places.ts';
import type { Repository } from '../repository.ts';

const sourceLinesMax = 500;
const testLinesMax = 700;

/** A file that does not fit in a head is split along its states before it grows further. */
export function fileLength(repository: Repository): readonly Finding[] {
  return repository.sources.flatMap(({ path, text }) => {
    const linesMax = placeOf(path).kind === 'test' ? testLinesMax : sourceLinesMax;
    const linesCount = text.split('\n').length - 1;
    if (linesCount <= linesMax) return [];
    const message = `${linesCount} lines, at most ${linesMax}; split it by concept, one exported concept a file`;
    return [{ file: path, line: linesMax + 1, message }];
  });
}
