import { readFileSync } from 'node:fs';

/** The root of the repository. */
export const root = new URL('../../', import.meta.url);

/** The code blocks of a page in one language, in their order, also those in lists. */
export function codeBlocks(page: string, language: string): readonly string[] {
  const text = readFileSync(new URL(page, root), 'utf8');
  const fence = new RegExp(`^( *)\`\`\`${language}\\n([^]*?)^ *\`\`\`$`, 'gm');
  return [...text.matchAll(fence)].map(([, indent = '', code = '']) =>
    code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}
