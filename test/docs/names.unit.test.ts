import { errorCodes, deadLetterReasons } from '@highwater/model';
import { settings } from '@highwater/settings';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { blocksOf, inlineCode, pages, proseOf, root } from './code-blocks.ts';
import { metrics } from './metrics.ts';

// Goal: what a page names exists: settings, error codes, metrics, reasons, files, and names in code.

const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const sources = globSync(
  '{packages,apps,infra,test,tools,benchmarks}/**/*.{ts,tsx,mjs,json,yml,yaml,py,java,go,css,sh}',
  { cwd: fileURLToPath(root), exclude: ['**/node_modules/**', 'test/docs/**', '**/dist/**'] },
).map(read);
const code = [...sources, ...['package.json', 'docker-compose.yml', '.env.example'].map(read)];
const words = new Set(code.flatMap((text) => text.match(/[A-Za-z_$][\w$]*/g) ?? []));

/** The whole text of a page: its sentences and its blocks. */
const textOf = (page: string) =>
  [proseOf(page), ...blocksOf(page).map(({ text }) => text)].join('\n');

/** Names that programs of ours do not have. */
const foreign = {
  settings: ['HW_VIEW'], // Misspelt on purpose, in the message that corrects it.
  metrics: ['process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds'], // Of prom-client.
  files: ['query.mjs', 'send.mjs'], // A page tells its reader to write them.
  // Of the APIs of AWS, and of its SDK.
  code: ['QueryInsights', 'paginateQuery', 'DbiResourceId', 'DbClusterResourceId'],
};

describe.each(pages)('%s', (page) => {
  it('names settings and error codes that are there', () => {
    const known = [...Object.keys(settings), ...Object.keys(errorCodes), ...foreign.settings];
    const named = new Set(textOf(page).match(/\bHW_[A-Z0-9_]*[A-Z0-9](?![\w*…]|_)/g));
    // The settings of test runs are read in tests.
    const isRead = (name: string) => /^HW_(SIM|FUZZ|FLEET)_/.test(name) && words.has(name);
    expect([...named].filter((name) => !known.includes(name) && !isRead(name))).toEqual([]);
  });

  it('gives settings values that they take', () => {
    const given = [...textOf(page).matchAll(/\b(HW_[A-Z0-9_]+)=([^\s`'"$]*[\w/])/g)];
    const wrong = given.filter(([, name = '', value]) => {
      const setting = settings[name as keyof typeof settings];
      return setting !== undefined && !setting.safeParse(value).success;
    });
    expect(wrong.map(([whole]) => whole)).toEqual([]);
  });

  it('names metrics that are there, with labels that they have', () => {
    const named = inlineCode(page).flatMap((text) => [
      ...text.matchAll(/^([a-z]\w*(?::\w+)*)(?:\{(.*)\})?$/g),
    ]);
    const prefixes = new Set([...metrics.keys()].map((name) => /^[a-z]+_/.exec(name)?.[0]));
    const isMetric = (name: string) =>
      name.startsWith('highwater:') ||
      (prefixes.has(/^[a-z]+_/.exec(name)?.[0]) &&
        /_(total|seconds|bytes|rows|records)$/.test(name));
    const wrong = named
      .filter(([, name = '']) => isMetric(name) && !foreign.metrics.includes(name))
      .filter(([, name = '', labels]) => {
        const known = metrics.get(name);
        const given = [...(labels ?? '').matchAll(/(\w+)(?==|,|$)/g)].map(
          ([, label = '']) => label,
        );
        return !known || given.some((label) => label !== 'job' && !known.includes(label));
      });
    expect(wrong.map(([whole]) => whole)).toEqual([]);
  });

  it('names files that are there', () => {
    const top = 'apps|benchmarks|docs|infra|packages|src|test|tools';
    const named = inlineCode(page).filter((text) =>
      new RegExp(`^(${top})/[\\w./-]+$|^[\\w-]+\\.(yml|mjs|json)$`).test(text),
    );
    // In a page about one package, or one app, paths are those of its directory.
    const homes = [
      '.',
      dirname(page),
      'apps/kinesis-local',
      'apps/timestream-local',
      'packages/kinesis',
    ];
    const exists = (path: string) =>
      homes.some((home) => existsSync(new URL(`${home}/${path}`, root))) ||
      foreign.files.includes(path) ||
      code.some((text) => text.includes(`'${path}'`));
    expect(named.filter((path) => !exists(path))).toEqual([]);
  });

  it('names what is in the code', () => {
    const shown = pages.flatMap(blocksOf).flatMap(({ text }) => text.match(/\w+/g) ?? []);
    const known = new Set([...words, ...shown, ...Object.keys(deadLetterReasons), ...foreign.code]);
    const named = inlineCode(page).filter((text) =>
      /^([a-z][a-z0-9]*(_[a-z0-9]+)+|[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*)(\(\))?$/.test(text),
    );
    // The measure of a view is an aggregate and a measure of points.
    const parts = (name: string) => [name, name.replace(/^[a-z]+\d*s?_/, '')];
    const isKnown = (name: string) => parts(name.replace('()', '')).some((part) => known.has(part));
    expect(named.filter((name) => !isKnown(name))).toEqual([]);
  });
});
