import type { Finding } from '../finding.ts';
import { oddPhrases } from '../prose/plain-patterns.ts';
import { readProse, type Prose } from '../prose/prose.ts';
import type { Repository } from '../repository.ts';

/** Good pages of others have one to three; a short text may have one. */
const hitsPerThousandWordsMax = 3;

/** Holds each page, and each kind of text in the code, to words that a native reader expects. */
export function plainEnglish(repository: Repository): readonly Finding[] {
  const groups = Map.groupBy(readProse(repository), ({ group }) => group);
  return [...groups].flatMap(([group, texts]) => {
    const words = texts.reduce((sum, { text }) => sum + countWords(text), 0);
    const findings = texts.flatMap(findOddPhrases);
    const max = Math.max(1, Math.floor((words * hitsPerThousandWordsMax) / 1000));
    const share = `${findings.length} such phrases in ${group}, at most ${max}`;
    return findings.length <= max
      ? []
      : findings.map((finding) => ({ ...finding, message: `${finding.message} (${share})` }));
  });
}

function countWords(text: string): number {
  return text.match(/\S*[a-z]{2}\S*/gi)?.length ?? 0;
}

function findOddPhrases({ file, line, text }: Prose): readonly Finding[] {
  return oddPhrases.flatMap(({ pattern, instead }) =>
    [...text.matchAll(pattern)].map(([phrase]) => ({
      file,
      line,
      message: `"${phrase.trim()}": ${instead}`,
    })),
  );
}
