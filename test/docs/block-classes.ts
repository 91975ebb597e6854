import type { CodeBlock } from './code-blocks.ts';

/** What becomes of some code blocks of the pages. */
export interface BlockClass {
  readonly name: string;
  /** The test that runs or checks each of them, or why none can. */
  readonly checkedBy: { readonly test: string } | { readonly nothingBecause: string };
  has(block: CodeBlock): boolean;
}

const here = { test: 'test/docs/blocks.unit.test.ts' };
const views = { test: 'test/docs/views.unit.test.ts' };
const stack = { test: 'test/docs/stack.integration.test.ts' };
const snippets = { test: 'test/tutorial/snippets.integration.test.ts' };
const clients = { test: 'test/clients/docs.clients.test.ts' };
const stores = { test: 'test/docs/stores.integration.test.ts' };
const clickhouse = { test: 'test/clickhouse/docs.clickhouse.test.ts' };

const isOn = (block: CodeBlock, page: string, ...texts: readonly string[]) =>
  block.page === page && texts.some((text) => block.text.includes(text));
const isJson = ({ language, text }: CodeBlock) => language === 'json' || /^\{ ?"/.test(text);
/** A statement of docs/stores.md, or the answer below one. */
const isOfStores = ({ page, language }: CodeBlock) =>
  page === 'docs/stores.md' && (language === 'sql' || language === 'text');
const isOutput = ({ language }: CodeBlock) => language === 'text' || language === '';

/** All classes. A block is in the first that has it. */
export const blockClasses: readonly BlockClass[] = [
  {
    name: 'tutorial',
    checkedBy: { test: 'test/tutorial/tutorial.integration.test.ts' },
    has: ({ page }) => page === 'docs/tutorial.md',
  },
  { name: 'diagram', checkedBy: here, has: ({ language }) => language === 'mermaid' },
  {
    name: 'statement',
    checkedBy: { test: 'test/docs/sql.integration.test.ts' },
    has: (block) =>
      block.page === 'docs/read-results.md' &&
      (block.language === 'sql' || isOn(block, block.page, 'lateByMs')),
  },
  {
    name: 'statement for ClickHouse, or its answer',
    checkedBy: clickhouse,
    has: (block) => isOfStores(block) && block.heading.endsWith('ClickHouse'),
  },
  {
    name: 'statement for PostgreSQL or Timestream, or its answer',
    checkedBy: stores,
    has: (block) => isOfStores(block),
  },
  {
    name: 'address of a store',
    checkedBy: { test: 'test/docs/names.unit.test.ts' },
    has: (block) => isOn(block, 'docs/stores.md', 'HW_STORE=timestream:'),
  },
  {
    name: 'output of highwater copy',
    checkedBy: here,
    has: (block) => isOn(block, 'docs/stores.md', 'FROM (UTC)'),
  },
  {
    name: 'lines for .env',
    checkedBy: { test: 'test/infra/compose-stores.unit.test.ts' },
    has: (block) => isOn(block, 'docs/containers.md', 'COMPOSE_PROFILES='),
  },
  { name: 'PromQL', checkedBy: here, has: ({ language }) => language === 'promql' },
  {
    name: 'dead letter',
    checkedBy: here,
    has: (block) => isJson(block) && /crc32/.test(block.text),
  },
  {
    name: 'point',
    checkedBy: here,
    has: (block) => isJson(block) && /"MeasureName"/.test(block.text),
  },
  {
    name: 'correction',
    checkedBy: here,
    has: (block) => isJson(block) && /lateBy/.test(block.text),
  },
  {
    name: 'views, their tests, and what the commands print about them',
    checkedBy: views,
    has: (block) =>
      ['docs/views.md', 'docs/test-views.md'].includes(block.page) &&
      (block.language === 'yaml' || isOutput(block)),
  },
  {
    name: 'Compose file',
    checkedBy: here,
    has: ({ language, text }) => language === 'yaml' && /^services:/m.test(text),
  },
  {
    name: 'program in JavaScript',
    checkedBy: snippets,
    has: ({ language, page }) => language === 'js' && page.startsWith('docs/'),
  },
  {
    name: 'program for another client',
    checkedBy: clients,
    has: ({ language, page }) =>
      page === 'docs/send-data.md' && (language === 'python' || language === 'bash'),
  },
  {
    name: 'part of a program in JavaScript',
    checkedBy: here,
    has: ({ page, text }) => page.startsWith('apps/') && /^(import|const) /.test(text),
  },
  {
    name: 'part of a program in Java',
    checkedBy: { nothingBecause: 'no test has the Kinesis Producer Library' },
    has: ({ language }) => language === 'java',
  },
  {
    name: 'usage line',
    checkedBy: { test: 'tools/docs/test/docs.unit.test.ts' },
    has: ({ page }) => page === 'docs/reference/cli.md',
  },
  {
    name: 'who may import whom',
    checkedBy: here,
    has: (block) => isOn(block, 'CONTRIBUTING.md', 'none of our packages'),
  },
  {
    name: 'output of a command that is run',
    checkedBy: stack,
    has: (block) =>
      isOutput(block) &&
      (isOn(block, 'README.md', 'Ready after') ||
        isOn(block, 'docs/run-locally.md', 'health and metrics', 'dead letters 0') ||
        isOn(block, 'docs/send-data.md', '"points":9') ||
        isOn(block, 'docs/troubleshooting.md', 'is taken by', 'settings are wrong')),
  },
  {
    name: 'output of docs/examples/query.mjs',
    checkedBy: snippets,
    has: (block) => isOutput(block) && isOn(block, 'docs/run-locally.md', 'window_end'),
  },
  {
    name: 'output of doctor',
    checkedBy: here,
    has: (block) => isOn(block, 'docs/aws.md', 'is not allowed'),
  },
  {
    name: 'output of docs/examples/dead-letters.mjs',
    checkedBy: { test: 'test/docs/dead-letters.integration.test.ts' },
    has: (block) => isOutput(block) && isOn(block, 'docs/send-data.md', 'measure_name_missing'),
  },
  {
    name: 'files of kinesis-local',
    checkedBy: stack,
    has: (block) => isOn(block, 'apps/kinesis-local/README.md', 'marks the directory'),
  },
  { name: 'command that is run', checkedBy: stack, has: isRun },
  {
    name: 'command whose words are checked',
    checkedBy: { test: 'test/docs/commands.integration.test.ts' },
    has: ({ language, text }) =>
      language === 'sh' ||
      (language === 'indented' &&
        /^([A-Z_]+=\S+ )*(npm|npx|node|docker|aws|export|openssl) /.test(text)),
  },
  {
    name: 'formula',
    checkedBy: { nothingBecause: 'it is for the eyes; tests of the code have the rule' },
    has: ({ language, text }) =>
      language === 'indented' && /^(watermark|version) = |^ *view revision ×/.test(text),
  },
  {
    name: 'drawing in characters',
    checkedBy: {
      nothingBecause: 'its numbers are those of the headings below it, which a reader sees',
    },
    has: (block) => isOn(block, 'docs/code.md', '──►'),
  },
];

/** The commands that are run, by their page and the text of their block. */
const commandsRun: Readonly<Record<string, readonly string[]>> = {
  'README.md': ['npm start'],
  'apps/kinesis-local/README.md': ['main.ts --data', 'openssl', '/_admin/faults'],
  'apps/timestream-local/README.md': ['main.ts --data'],
  'docs/consumer.md': ['fan-out list'],
  'docs/reference/dashboard-api.md': ['curl'],
  'docs/send-data.md': ['--shift-times', 'dead-letters.mjs'],
  'docs/test-views.md': ['views check', 'views schema', 'views test'],
  'docs/troubleshooting.md': ['tail -n 1'],
  'docs/views.md': ['views check'],
};

function isRun(block: CodeBlock): boolean {
  return (
    /^(sh|indented)$/.test(block.language) &&
    isOn(block, block.page, ...(commandsRun[block.page] ?? []))
  );
}

/** The class of a block, or undefined for one that nobody thought of. */
export function classOf(block: CodeBlock): BlockClass | undefined {
  return blockClasses.find((each) => each.has(block));
}
