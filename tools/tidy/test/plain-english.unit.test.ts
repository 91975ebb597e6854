import { describe, expect, it } from 'vitest';
import { renderFinding } from '../finding.ts';
import { repositoryOf } from '../repository.ts';
import { plainEnglish } from '../rules/plain-english.ts';

describe('plainEnglish', () => {
  const odd = 'Mend it at once.';
  const plain = 'Fix it immediately.';
  const placesOf = (files: Readonly<Record<string, string>>) => {
    const list = Object.entries(files).map(([path, text]) => ({ path, text }));
    return plainEnglish(repositoryOf(list)).map(renderFinding);
  };

  it.each([
    ['docs/a.md', 'docs/a.md', (text: string) => text],
    ['alerts', 'infra/prometheus/rules/a.yml', (text: string) => `  summary: ${text}`],
    ['help', 'apps/local/src/config.ts', (text: string) => `z.string().describe('${text}');`],
    ['logs', 'apps/local/src/a.ts', (text: string) => `log.info({}, '${text}');`],
    ['errors', 'apps/local/src/a.ts', (text: string) => `throw new LocalError('${text}');`],
    ['metrics', 'apps/local/src/a.ts', (text: string) => `new Gauge({ help: '${text}' });`],
    ['other messages', 'apps/local/src/a.ts', (text: string) => `const found = '${text}';`],
    ['the dashboard', 'apps/dashboard/web/a.tsx', (text: string) => `<p>${text}</p>`],
    ['the dashboard', 'apps/dashboard/web/a.tsx', (text: string) => `<p title="${text}" />`],
  ])('finds phrases in %s, here in %s', (group, path, write) => {
    expect(placesOf({ [path]: write(odd) })).toEqual([
      `${path}:1  "Mend": use the verb that an engineer would say (2 such phrases in ${group}, at most 1)`,
      expect.stringContaining(`${path}:1  "at once": use a plain connector`),
    ]);
    expect(placesOf({ [path]: write(plain) })).toEqual([]);
  });

  it('allows one phrase in a short text, code in pages, SQL, and tests', () => {
    expect(
      placesOf({
        'docs/a.md': `Mend it.\n\n    ${odd}\n\`${odd}\`\n`,
        'apps/local/src/a.ts': `const sql = 'SELECT ${odd} FROM it';`,
        'apps/local/test/a.unit.test.ts': `it('${odd}');`,
      }),
    ).toEqual([]);
  });
});
