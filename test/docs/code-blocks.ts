import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = new URL('../../', import.meta.url);

/** The pages for readers. The list of changes is not one: it names what is no longer there. */
export const pages: readonly string[] = globSync(
  ['*.md', 'docs/**/*.md', 'apps/*/README.md', 'benchmarks/README.md', 'tools/*/README.md'],
  { cwd: fileURLToPath(root) },
)
  .filter((page) => page !== 'CHANGELOG.md')
  .toSorted();

/** A block of code of a page. */
export interface CodeBlock {
  readonly page: string;
  /** The text of the heading above it. */
  readonly heading: string;
  /** What follows the fence: `sh`, `js`, `text`, …; empty for a bare fence, `indented` without one. */
  readonly language: string;
  readonly text: string;
}

/** Fenced in a list or not, or indented by four spaces after an empty line. */
const block = /^( *)```(.*)\n([^]*?)^ *```$|(?<=\n\n)(?: {4}.*\n(?:\n(?= {4}))?)+/gm;

/** A block, or a heading, which no block contains. */
const blockOrHeading = new RegExp(`${block.source}|^#+ (?<heading>.+)$`, 'gm');

/** The code blocks of a page, in their order. */
export function blocksOf(page: string): readonly CodeBlock[] {
  let heading = '';
  return [...read(page).matchAll(blockOrHeading)].flatMap((match) => {
    const [whole, indent = '    ', language, code = whole] = match;
    if (match.groups?.['heading'] !== undefined) {
      heading = match.groups['heading'];
      return [];
    }
    const text = code.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    return [{ page, heading, language: language ?? 'indented', text }];
  });
}

/** The code blocks of a page in one language, in their order, also those in lists. */
export function codeBlocks(page: string, language: string): readonly string[] {
  return blocksOf(page)
    .filter((each) => each.language === language)
    .map(({ text }) => text);
}

/** The text of a page without its code blocks. */
export function proseOf(page: string): string {
  return read(page).replaceAll(block, '');
}

/** What a page writes between backticks within its text, each once. */
export function inlineCode(page: string): readonly string[] {
  const spans = proseOf(page).matchAll(/(?<!`)`([^`]+)`(?!`)/g);
  return [...new Set([...spans].map(([, code = '']) => code.replaceAll('\n', ' ')))];
}

function read(page: string): string {
  return readFileSync(new URL(page, root), 'utf8');
}
