import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A fenced block of a page. */
export interface PageBlock {
  /** The language after the fence: `sh`, `js`, `text`, … */
  readonly language: string;
  readonly text: string;
}

const root = new URL('../../', import.meta.url);

/** The fenced blocks of a page of this repository, in order. */
export async function blocksOf(page: string): Promise<readonly PageBlock[]> {
  const markdown = await readFile(fileURLToPath(new URL(page, root)), 'utf8');
  return [...markdown.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(
    ([, language = '', text = '']) => ({
      language,
      text,
    }),
  );
}

/** A command of a page, and the output that the page shows below it. */
export interface Step {
  readonly command: string;
  readonly output: string | undefined;
}

/** Each `sh` block with the `text` block that follows it, if one does. */
export function stepsOf(blocks: readonly PageBlock[]): readonly Step[] {
  return blocks.flatMap(({ language, text }, index) => {
    if (language !== 'sh') return [];
    const next = blocks[index + 1];
    return [{ command: text, output: next?.language === 'text' ? next.text : undefined }];
  });
}
