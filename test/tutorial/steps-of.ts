import type { CodeBlock } from '../docs/code-blocks.ts';

/** A command of a page, and the output that the page shows below it. */
export interface Step {
  readonly command: string;
  readonly output: string | undefined;
}

/** Each `sh` block with the `text` block that follows it, if one does. */
export function stepsOf(blocks: readonly CodeBlock[]): readonly Step[] {
  return blocks.flatMap(({ language, text }, index) => {
    if (language !== 'sh') return [];
    const next = blocks[index + 1];
    return [{ command: text, output: next?.language === 'text' ? next.text : undefined }];
  });
}
