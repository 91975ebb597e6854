import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { crc32 } from 'node:zlib';
import ts from 'typescript';
import { deadLetterReasons, decodeRecord } from '@highwater/model';
import { renderCopy } from '../../apps/cli/src/copy/render-copy.ts';
import { explainFailure } from '../../apps/cli/src/doctor/explain-failure.ts';
import { renderFindings } from '../../apps/cli/src/doctor/render-findings.ts';
import { programs } from '../../tools/docs/programs.ts';
import { appLayer, layers, extraImports } from '../../tools/tidy/layers.ts';
import { blockClasses, classOf } from './block-classes.ts';
import { blocksOf, pages, root, type CodeBlock } from './code-blocks.ts';
import { metrics } from './metrics.ts';

// Goal: every block of code of every page is run or checked by a test. Method: each is in a class, and a
// class names its test; those that need no server are checked here.

const blocks = pages.flatMap(blocksOf);
const inClass = (name: string) =>
  blocks
    .filter((block) => classOf(block)?.name === name)
    .map((block) => [block.page, block] as const);
const unchecked = blocks.filter((block) => 'nothingBecause' in (classOf(block)?.checkedBy ?? {}));

describe('the code blocks of all pages', () => {
  it('have a class each, and each class has blocks', () => {
    expect(blocks.length).toBeGreaterThan(100);
    expect(blocks.filter((block) => classOf(block) === undefined)).toEqual([]);
    const used = new Set(blocks.map(classOf));
    expect(blockClasses.filter((each) => !used.has(each))).toEqual([]);
  });

  it('are run or checked by a test that is there, except 7', () => {
    const tests = blockClasses.flatMap(({ checkedBy }) =>
      'test' in checkedBy ? [checkedBy.test] : [],
    );
    expect(tests.filter((test) => !existsSync(new URL(test, root)))).toEqual([]);
    expect(unchecked.map(({ page }) => page)).toHaveLength(7);
  });
});

describe('a diagram', () => {
  const kinds = /^(flowchart (LR|TB|TD)|sequenceDiagram|stateDiagram-v2|gantt)\n/;
  it.each(inClass('diagram'))('has a kind, and closes what it opens: %s', (_, { text }) => {
    expect(text).toMatch(kinds);
    const bare = text.replaceAll(/"[^"\n]*"/g, '').replaceAll(/[-=]+>+|--/g, '');
    expect(bare).not.toContain('"');
    for (const [open, close] of ['[]', '()', '{}'] as const)
      expect(bare.split(open ?? '').length).toBe(bare.split(close ?? '').length);
    expect(text.match(/^ *subgraph /gm)?.length).toBe(text.match(/^ *end$/gm)?.length);
  });
});

describe('a query in PromQL', () => {
  it.each(inClass('PromQL'))('has metrics and labels that are there: %s', (_, { text }) => {
    const lines = text.trim().split('\n');
    const queries = lines.map((line) => /^sum by \((\w+)\) \(([\w:]+)\) +#/.exec(line) ?? []);
    const wrong = queries.filter(
      ([, label = '', name = '']) => metrics.get(name)?.includes(label) !== true,
    );
    expect(wrong).toEqual([]);
  });
});

describe('a point', () => {
  it.each(inClass('point'))('is accepted: %s', (_, { text }) => {
    expect(decodeRecord(Buffer.from(text))).toMatchObject([{ ok: true }]);
  });
});

describe('a dead letter', () => {
  it.each(inClass('dead letter'))(
    'has its checksum and a reason that is there: %s',
    (_, { text }) => {
      const { crc32: sum, ...rest } = JSON.parse(text) as Record<string, string>;
      const line = JSON.stringify(rest).slice(1);
      expect(crc32(line).toString(16).padStart(8, '0')).toBe(sum);
      expect(Object.keys(deadLetterReasons)).toContain(rest['reason']);
      const payload = Buffer.from(rest['payload'] ?? '', 'base64');
      expect(decodeRecord(payload)).toMatchObject([{ ok: false, reason: rest['reason'] }]);
    },
  );
});

describe('a correction', () => {
  it.each(inClass('correction'))('has the fields that are stored: %s', (_, { text }) => {
    const correction = JSON.parse(text) as Record<string, number>;
    // docs/read-results.md shows one of the table, whose fields a test compares with stored ones.
    const shown = blocksOf('docs/read-results.md').find((block) => /lateByMs/.test(block.text));
    const [stored = ''] = /\{"from".*\}/.exec(shown?.text ?? '') ?? [];
    expect(Object.keys(correction)).toEqual(Object.keys(JSON.parse(stored) as object));
    expect(correction['added']).toBeLessThan(correction['points'] ?? 0);
    expect(correction['late']).toBeLessThanOrEqual(correction['added'] ?? 0);
  });
});

describe('a Compose file', () => {
  it.each(inClass('Compose file'))('gives services settings that they have: %s', (_, { text }) => {
    const { services } = parse(text) as {
      readonly services: Readonly<Record<string, { readonly environment: Record<string, string> }>>;
    };
    for (const [service, { environment }] of Object.entries(services)) {
      for (const [name, value] of Object.entries(environment))
        expect(programs[service]?.[name]?.safeParse(value)).toMatchObject({ success: true });
    }
  });
});

describe('a part of a program', () => {
  it.each(inClass('part of a program in JavaScript'))(
    'can be parsed, and imports and creates what is there: %s',
    async (_, { text }) => {
      const source = text.replaceAll(/, …/g, '');
      const { diagnostics } = ts.transpileModule(source, { reportDiagnostics: true });
      expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
      for (const [, name = '', from = ''] of source.matchAll(/import \{ (\w+) \} from '(.*)'/g))
        expect(await import(from)).toHaveProperty(name);
      const clients = {
        ...(await import('@aws-sdk/client-kinesis')),
        ...(await import('@aws-sdk/client-timestream-write')),
      };
      for (const [, name = ''] of source.matchAll(/new (\w+)\(/g))
        expect(clients).toHaveProperty(name);
    },
  );
});

describe('who may import whom', () => {
  const all: Readonly<Record<string, readonly string[]>> = {
    'apps/*': appLayer.ours,
    ...Object.fromEntries(Object.entries(layers).map(([path, { ours }]) => [path, ours])),
    ...extraImports,
  };

  it.each(inClass('who may import whom'))('is what tidy checks: %s', (_, { text }) => {
    const lines = text.trim().split('\n').slice(1);
    const shown = lines.flatMap((line) => {
      const [names = '', imports = ''] = line.split(/ {2,}/);
      const ours = imports.replace(/;.*|none of our packages/, '').replace(/^also /, '');
      const list = ours.split(/, | and /).filter((name) => name !== '');
      return names.split(', ').map((name) => [name.replace(/^(?!apps)/, 'packages/'), list]);
    });
    const sorted = (entries: readonly (readonly [string, readonly string[]])[]) =>
      Object.fromEntries(entries.map(([name, list]) => [name, list.toSorted()]));
    expect(sorted(shown as [string, string[]][])).toEqual(sorted(Object.entries(all)));
  });
});

describe('what doctor prints', () => {
  it.each(inClass('output of doctor'))('is what it says of a right that lacks: %s', (_, block) => {
    const finding = explainFailure(
      Object.assign(new Error(''), { name: 'AccessDeniedException' }),
      {
        what: 'stream highwater-results',
        action: 'kinesis:PutRecords',
        resource: 'arn:aws:kinesis:eu-west-1:*:stream/highwater-results',
        endpoint: { url: undefined, variable: 'AWS_ENDPOINT_URL_KINESIS' },
      },
    );
    expect(withoutIndent(block)).toEqual(renderFindings([finding]).slice(0, 2).map(trimmed));
  });
});

describe('what highwater copy prints', () => {
  it.each(inClass('output of highwater copy'))('is the table of ranges: %s', (_, block) => {
    const lines = withoutIndent(block);
    const results = lines.slice(1).map((line) => {
      const [table = '', from = '', to = '', source = '', target = ''] = line.split(/ {2,}/);
      const sourceRows = Number(source.replaceAll(',', ''));
      return {
        table: table as 'raw',
        startMs: Date.parse(`${from}Z`),
        endMs: Date.parse(`${to}Z`),
        sourceRows,
        readRows: sourceRows,
        targetRows: Number(target.replaceAll(',', '')),
        newerRows: 0,
        refused: {},
      };
    });
    expect(results.length).toBeGreaterThan(0);
    expect(renderCopy(results).slice(0, lines.length)).toEqual(lines);
  });
});

function withoutIndent({ text }: CodeBlock): readonly string[] {
  return text.trimEnd().split('\n').map(trimmed);
}

function trimmed(line: string): string {
  return line.trim();
}
