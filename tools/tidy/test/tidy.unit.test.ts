import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { renderFinding } from '../finding.ts';
import { readRepository, repositoryOf } from '../repository.ts';
import { checkRepository, rules } from '../rules.ts';

type Files = Readonly<Record<string, string>>;

function findingsOf(rule: string, files: Files): readonly string[] {
  const list = Object.entries(files).map(([path, text]) => ({ path, text }));
  const apply = rules[rule];
  if (apply === undefined) throw new Error(`no rule ${rule}`);
  return apply(repositoryOf(list)).map(renderFinding);
}

function manifest(over: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    name: '@highwater/model',
    version: '0.1.0',
    private: true,
    type: 'module',
    description: 'Points',
    scripts: {
      typecheck: 'tsc -b',
      lint: 'oxlint --type-aware -c ../../.oxlintrc.json src test',
      test: 'vitest run --root ../.. --project unit --project sim packages/model/',
    },
    ...over,
  });
}

const root = JSON.stringify({ version: '0.1.0', devDependencies: { vitest: '5.1.1' } });
const lines = (count: number) => 'export {};\n'.repeat(count);
const metric = (kind: string, options: string) => `new ${kind}({ help: 'x', ${options} });`;

// Put together here, or the rule would find them in this file.
const home = ['', 'home'].join('/');
const registryOf = (domain: string) => `registry.${domain}`;

const surfaced: Files = {
  'packages/model/package.json': manifest({ exports: { '.': './src/index.ts' } }),
  'packages/model/src/index.ts': "export { a } from './a.ts';",
  'packages/model/src/a.ts': 'export const a = 1;',
};

interface Case {
  readonly rule: string;
  readonly of: string;
  readonly bad: Files;
  /** Where the finding is and what it says, in part. */
  readonly finding: string;
  /** Almost the same, and allowed. */
  readonly good: Files;
}

const cases: readonly Case[] = [
  {
    rule: 'importEdges',
    of: 'an adapter that imports another',
    bad: { 'packages/kinesis/src/a.ts': "\nimport { x } from '@highwater/timestream';" },
    finding:
      'packages/kinesis/src/a.ts:2  packages/kinesis may import model, flow, settings of ours',
    good: { 'packages/kinesis/src/a.ts': "import { x } from '@highwater/model';" },
  },
  {
    rule: 'importEdges',
    of: 'an app that imports an app',
    bad: { 'apps/local/src/main.ts': "import '@highwater/generator';" },
    finding: 'not generator',
    good: { 'apps/local/src/main.ts': "import '@highwater/service';" },
  },
  {
    rule: 'importEdges',
    of: 'production code that imports testkit',
    bad: { 'apps/local/src/main.ts': "import '@highwater/testkit';" },
    finding: 'not testkit',
    good: { 'apps/local/test/a.unit.test.ts': "import '@highwater/testkit';" },
  },
  {
    rule: 'importEdges',
    of: 'a service that imports what only the local servers may',
    bad: { 'apps/aggregator/src/main.ts': "import '@highwater/aws-json';" },
    finding: 'not aws-json',
    good: { 'apps/timestream-local/src/main.ts': "import '@highwater/aws-json';" },
  },
  {
    rule: 'importEdges',
    of: 'a type that is imported across the line',
    bad: { 'packages/windowing/src/a.ts': "import type { x } from '@highwater/kinesis';" },
    finding: 'packages/windowing may import model of ours, not kinesis',
    good: { 'packages/windowing/src/a.ts': "import type { x } from '@highwater/model';" },
  },
  {
    rule: 'importEdges',
    of: 'a pure package that imports Node',
    bad: { 'packages/model/src/a.ts': "import { readFile } from 'node:fs/promises';" },
    finding: 'may import node:assert only',
    good: { 'packages/model/src/a.ts': "import assert from 'node:assert/strict';" },
  },
  {
    rule: 'importEdges',
    of: 'a pure package that imports a foreign one',
    bad: { 'packages/windowing/src/a.ts': "const x = await import('pino');" },
    finding: 'packages/windowing may import zod',
    good: { 'packages/windowing/src/a.ts': "import { z } from 'zod';" },
  },
  {
    rule: 'importEdges',
    of: 'an import of what a package does not export',
    bad: { 'apps/local/src/a.ts': "export { x } from '@highwater/model/src/x.ts';" },
    finding: 'deep import @highwater/model/src/x.ts',
    good: {
      'packages/model/package.json': manifest({ exports: { './x': './src/x/index.ts' } }),
      'apps/local/src/a.ts': "export { x } from '@highwater/model/x';",
    },
  },
  {
    rule: 'importEdges',
    of: 'a relative import that leaves its workspace',
    bad: { 'packages/kinesis/src/a.ts': "import '../../model/src/index.ts';" },
    finding: 'leaves packages/kinesis',
    good: { 'packages/kinesis/src/deep/a.ts': "import '../b.ts';" },
  },
  {
    rule: 'importEdges',
    of: 'a source that imports a test',
    bad: { 'packages/kinesis/src/a.ts': "import '../test/fake.ts';" },
    finding: 'leaves src',
    good: { 'packages/kinesis/test/a.unit.test.ts': "import '../src/a.ts';" },
  },
  {
    rule: 'importEdges',
    of: 'a package that the table does not know',
    bad: { 'packages/new/src/a.ts': '' },
    finding: 'not in the table of layers',
    good: { 'apps/new/src/a.ts': '' },
  },
  {
    rule: 'declaredDependencies',
    of: 'an import that package.json does not name',
    bad: { 'packages/model/package.json': manifest(), 'packages/model/src/a.ts': "import 'zod';" },
    finding: 'zod is not declared; add it to the dependencies in packages/model/package.json',
    good: {
      'packages/model/package.json': manifest({ dependencies: { zod: '4.6.7' } }),
      'packages/model/src/a.ts': "import 'zod';",
    },
  },
  {
    rule: 'declaredDependencies',
    of: 'a tool of tests in production',
    bad: {
      'package.json': root,
      'packages/model/package.json': manifest(),
      'packages/model/src/a.ts': "import 'vitest';",
    },
    finding: 'vitest is not declared',
    good: {
      'package.json': root,
      'packages/model/package.json': manifest(),
      'packages/model/test/a.unit.test.ts': "import 'vitest';",
    },
  },
  {
    rule: 'fileLength',
    of: 'a source of more than 500 lines',
    bad: { 'packages/model/src/a.ts': lines(501) },
    finding: 'packages/model/src/a.ts:501  501 lines, at most 500',
    good: { 'packages/model/src/a.ts': lines(500) },
  },
  {
    rule: 'fileLength',
    of: 'a test of more than 700 lines',
    bad: { 'packages/model/test/a.unit.test.ts': lines(701) },
    finding: '701 lines, at most 700',
    good: { 'packages/model/test/a.unit.test.ts': lines(700) },
  },
  {
    rule: 'functionLength',
    of: 'a function of more than 70 lines',
    bad: { 'packages/model/src/a.ts': `function f() {\n${'g();\n'.repeat(70)}}` },
    finding: 'function of 72 lines, at most 70',
    good: {
      'packages/model/src/a.ts': `function f() {\n${'g();\n'.repeat(40)} const h = () => {\n${'g();\n'.repeat(40)}};}`,
    },
  },
  ...banned('Date.now();', 'clock.nowMs()', 'Date.parse("x");'),
  ...banned('const now = Date.now;', 'clock.nowMs()', 'const text = "Date.now()"; // Date.now()'),
  ...banned('new Date();', 'clock.nowMs()', 'new Date(atMs);'),
  ...banned('performance.now();', 'clock.monotonicMs()', 'x.performance.now();'),
  ...banned('Math.random();', 'seeded or injected random', 'Math.floor(1);'),
  ...banned('setTimeout(f, 1);', 'clock.sleep', 'reply.setTimeout(1);'),
  ...banned('setInterval(f, 1);', 'clock.sleep', 'clock.sleep(1);'),
  ...banned('globalThis.setImmediate(f);', 'clock.sleep', '/* setImmediate(f) */'),
  ...banned("import { setTimeout } from 'node:timers/promises';", 'clock.sleep', ''),
  ...banned('console.log(1);', "log.info({ … }, 'A sentence.')", 'log.info({}, "A.");'),
  ...banned('process.env["A"];', 'config.ts', 'process.memoryUsage();'),
  ...banned('process.exit(1);', 'runService', 'process.uptime();'),
  ...banned('const b = z.coerce.boolean();', 'z.stringbool()', 'const b = z.stringbool();'),
  {
    rule: 'bannedCalls',
    of: 'a trap in a test',
    bad: { 'packages/model/test/a.unit.test.ts': 'z.coerce.boolean();' },
    finding: 'z.stringbool()',
    good: { 'packages/model/test/a.unit.test.ts': 'Date.now(); setTimeout(f, 1);' },
  },
  {
    rule: 'sequenceComparison',
    of: 'sequence numbers compared as text',
    bad: { 'packages/kinesis/src/a.ts': 'if (a.sequenceNumber <= last) f();' },
    finding: 'write compareSequence(a, b) <= 0',
    good: {
      'packages/kinesis/src/a.ts': 'if (compareSequence(a.sequenceNumber, last) <= 0) f();',
    },
  },
  {
    rule: 'unfinishedWork',
    of: 'work that is not finished',
    bad: { 'docs/a.md': 'one\nFIXME later' },
    finding: 'docs/a.md:2  FIXME: finish it',
    good: { 'docs/a.md': 'fixme' },
  },
  ...metricCases(),
  {
    rule: 'settingsDeclaredOnce',
    of: 'a setting that a program declares itself',
    bad: { 'apps/local/src/config.ts': 'const c = { HW_PORT: port.default(1) };' },
    finding: 'setting HW_PORT: declare it in packages/settings/src/, select it here',
    good: {
      'apps/local/src/config.ts': 'const c = { HW_PORT: withDefault(settings.HW_PORT, 1) };',
      'apps/local/src/start.ts': "const env = { HW_PORT: '1' };",
    },
  },
  {
    rule: 'settingsDeclaredOnce',
    of: 'a setting that is declared twice',
    bad: {
      'packages/settings/src/a.ts': 'const a = { HW_PORT: port.default(1) };',
      'packages/settings/src/b.ts': 'const b = { HW_PORT: z.string() };',
    },
    finding: 'setting HW_PORT: it is declared twice',
    good: { 'packages/settings/src/a.ts': 'const a = { HW_PORT: port.default(1) };' },
  },
  {
    rule: 'equalManifests',
    of: 'a field that differs',
    bad: { 'package.json': root, 'packages/model/package.json': manifest({ version: '0.2.0' }) },
    finding: 'version: write "0.1.0"',
    good: { 'package.json': root, 'packages/model/package.json': manifest() },
  },
  {
    rule: 'equalManifests',
    of: 'an entry that is not an index.ts',
    bad: {
      'package.json': root,
      'packages/model/package.json': manifest({ exports: { './x': './src/x.ts' } }),
    },
    finding: 'exports: write {"./x":"./src/x/index.ts"}',
    good: {
      'package.json': root,
      'packages/model/package.json': manifest({ exports: { '.': './src/index.ts' } }),
      'packages/model/src/index.ts': '',
    },
  },
  {
    rule: 'equalManifests',
    of: 'a range of versions',
    bad: {
      'package.json': root,
      'packages/model/package.json': manifest({ dependencies: { zod: '^4.6.7' } }),
    },
    finding: 'zod: write one exact version',
    good: {
      'package.json': root,
      'packages/model/package.json': manifest({ dependencies: { '@highwater/x': '*' } }),
    },
  },
  {
    rule: 'equalManifests',
    of: 'two versions of one dependency',
    bad: {
      'package.json': root,
      'packages/model/package.json': manifest({ dependencies: { vitest: '5.1.0' } }),
    },
    finding: 'vitest: write 5.1.1',
    good: {
      'package.json': root,
      'packages/model/package.json': manifest({ dependencies: { vitest: '5.1.1' } }),
    },
  },
  {
    rule: 'fileNames',
    of: 'a name that is not in kebab-case',
    bad: { 'packages/model/src/seriesKey.ts': '' },
    finding: 'write it in kebab-case',
    good: { 'packages/model/src/series-key.ts': '' },
  },
  {
    rule: 'fileNames',
    of: 'a test without a known suffix',
    bad: { 'packages/model/test/a.test.ts': '' },
    finding: 'end it in one of unit',
    good: { 'packages/model/test/a.sim.test.ts': '' },
  },
  {
    rule: 'fileNames',
    of: 'a test that would never run',
    bad: { 'packages/model/test/a.ts': "import { it } from 'vitest';\nit('x', f);" },
    finding: 'end it in one of unit',
    good: { 'packages/model/test/a.ts': "export function contract() {\n  it('x', f);\n}" },
  },
  {
    rule: 'fileNames',
    of: 'a test among the sources',
    bad: { 'packages/model/src/a.unit.test.ts': '' },
    finding: 'move it from src to test',
    good: { 'packages/model/test/a.unit.test.ts': '' },
  },
  {
    rule: 'reachableSources',
    of: 'a file that nothing uses',
    bad: { 'packages/model/src/index.ts': '', 'packages/model/src/a.ts': '' },
    finding: 'packages/model/src/a.ts:1  nothing reaches this file',
    good: {
      'packages/model/src/index.ts': "export { a } from './a.ts';",
      'packages/model/src/a.ts': "new URL('./b.ts', import.meta.url);",
      'packages/model/src/b.ts': '',
    },
  },
  {
    rule: 'documentedExports',
    of: 'a function without a doc comment',
    bad: { 'packages/model/src/a.ts': '// A comment.\nexport function f() {}' },
    finding: 'packages/model/src/a.ts:2  export without a doc comment',
    good: { 'packages/model/src/a.ts': '/** Why. */\nexport function f() {}\nfunction g() {}' },
  },
  {
    rule: 'privatePlaces',
    of: 'a path of one machine',
    bad: { 'docs/a.md': `see ${home}/me/notes` },
    finding: 'is a path of one machine',
    good: { 'docs/a.md': 'see docs/home/notes and https://x.org/home/notes' },
  },
  {
    rule: 'privatePlaces',
    of: 'a package registry',
    bad: { '.npmrc': `registry=https://${registryOf('corp.example')}/npm` },
    finding: 'is a package registry',
    good: { 'a.json': `"https://${registryOf('npmjs.org')}/zod"` },
  },
  {
    rule: 'usedExports',
    of: 'a name that only tests of the same package import',
    bad: { ...surfaced, 'packages/model/test/a.ts': "import { a } from '@highwater/model';" },
    finding: 'packages/model/src/index.ts:1  nobody imports a from @highwater/model',
    good: { ...surfaced, 'test/a.ts': "import { a } from '@highwater/model';" },
  },
];

function banned(bad: string, instead: string, good: string): readonly Case[] {
  const path = 'packages/kinesis/src/a.ts';
  return [
    {
      rule: 'bannedCalls',
      of: bad,
      bad: { [path]: bad },
      finding: instead,
      good: { [path]: good },
    },
    {
      rule: 'plainEnglish',
      of: 'more odd phrases on a page than a reader forgives',
      bad: { 'README.md': 'Fix it at once.\nOr mend it.' },
      finding: 'README.md:2  "mend": use the verb',
      good: { 'README.md': 'Fix it immediately.\nOr mend it.' },
    },
  ];
}

function metricCases(): readonly Case[] {
  const table = [
    ['Gauge', "name: 'lag_seconds'", 'prefix one of'],
    ['Gauge', "name: 'sink_Lag'", 'prefix one of'],
    ['Counter', "name: 'sink_rows'", 'a counter ends in _total'],
    ['Gauge', "name: 'sink_rows_total'", 'only a counter ends in _total'],
    ['Histogram', "name: 'sink_wait_ms'", 'use base units'],
    ['Gauge', "name: 'sink_rows', labelNames: ['shardId']", 'is not snake_case'],
    ['Gauge', "name: 'sink_rows', labelNames: ['a', 'b', 'c', 'd']", '4 labels, at most 3'],
  ] as const;
  const path = 'packages/timestream/src/a.ts';
  return table.map(([kind, options, finding]) => ({
    rule: 'metricNames',
    of: `${kind} ${options}`,
    bad: { [path]: metric(kind, options) },
    finding,
    good: { [path]: metric('Gauge', "name: 'sink_lag_seconds', labelNames: ['shard_id']") },
  }));
}

describe('tidy', () => {
  it.each(cases)('$rule finds $of', ({ rule, bad, finding }) => {
    expect(findingsOf(rule, bad).join('\n')).toContain(finding);
  });

  it.each(cases)('$rule allows code close to $of', ({ rule, good }) => {
    expect(findingsOf(rule, good)).toEqual([]);
  });

  it('has a case for every rule', () => {
    expect(new Set(cases.map(({ rule }) => rule))).toEqual(new Set(Object.keys(rules)));
  });

  it('finds nothing in this repository', () => {
    const repository = readRepository(fileURLToPath(new URL('../../..', import.meta.url)));
    expect(repository.files.length).toBeGreaterThan(100);
    expect(checkRepository(repository).map(renderFinding)).toEqual([]);
  });
});
