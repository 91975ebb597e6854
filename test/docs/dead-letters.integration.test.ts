import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { codeBlocks, root } from './code-blocks.ts';

describe('docs/examples/dead-letters.mjs', () => {
  it('prints the letter of docs/reference/formats.md as docs/send-data.md shows it', async () => {
    const letter = codeBlocks('docs/reference/formats.md', 'json').find((block) =>
      block.includes('"payload"'),
    );
    const directory = await mkdtemp(join(tmpdir(), 'docs-'));
    const file = join(directory, 'aggregator.ndjson');
    await writeFile(file, `${JSON.stringify(JSON.parse(letter ?? ''))}\n`);
    const script = fileURLToPath(new URL('docs/examples/dead-letters.mjs', root));
    const { stdout } = await promisify(execFile)(process.execPath, [script, file]);
    await rm(directory, { recursive: true });
    expect(codeBlocks('docs/send-data.md', 'text')).toContain(stdout);
  });
});
