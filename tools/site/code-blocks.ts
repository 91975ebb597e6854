import type { MarkdownIt } from './markdown.ts';

/** A plugin of markdown-it: the component Drawing draws blocks in Mermaid, and indented code is plain text. */
export function codeBlocks({ renderer: { rules } }: MarkdownIt): void {
  const { fence, code_block: codeBlock } = rules;
  rules.fence = (tokens, index, ...rest) => {
    const { info = '', content = '' } = tokens[index] ?? {};
    if (info.trim() !== 'mermaid') return fence(tokens, index, ...rest);
    return `<Drawing source="${encodeURIComponent(content)}" />\n`;
  };
  // VitePress does this for fenced code: Vue must not compute the text between double braces.
  rules.code_block = (...args) => `<div class="language-" v-pre>${codeBlock(...args)}</div>\n`;
}
