import { describe, expect, it } from 'vitest';
import { forStore, readFilledPolicies } from '../infra/policies.ts';
import { classOf } from './block-classes.ts';
import { problemsOf } from './check-call.ts';
import { blocksOf, inlineCode, pages } from './code-blocks.ts';
import { recordCalls, type RecordedCalls } from './record-calls.ts';

// Goal: what a page tells its reader to type exists: programs, scripts, options, services, files, and the
// commands of AWS. Method: a shell in which programs only write down how they are called.

/** The commands of a page's blocks, and of its sentences, with names in place of `<service>` and `<engine>`. */
function commandsOf(page: string): readonly string[] {
  const blocks = blocksOf(page)
    .filter((block) => classOf(block)?.name.startsWith('command ') === true)
    .map(({ text }) => text)
    .filter((text) => !/^(curl|tail) /.test(text));
  const inline = inlineCode(page)
    .filter((code) => /^(HW_\w+=\S+ )*(aws|docker|highwater|node|npm|npx) /.test(code))
    .filter((code) => !code.includes('…'))
    .map((code) => code.replaceAll('<service>', 'aggregator').replaceAll('<engine>', 'PostgreSQL'));
  return [...blocks, ...inline];
}

async function record(page: string): Promise<RecordedCalls> {
  const recorded = await recordCalls(commandsOf(page));
  expect({ page, ...recorded }).toMatchObject({ exitCode: 0 });
  return recorded;
}

describe('the commands of a page', () => {
  it.each(pages.filter((page) => commandsOf(page).length > 0))(
    'name what exists: %s',
    async (page) => {
      const { calls } = await record(page);
      expect(calls.length).toBeGreaterThan(0);
      const wrong = calls.flatMap((call) =>
        problemsOf(call).map((problem) => `${call.program} ${call.words.join(' ')}: ${problem}`),
      );
      expect(wrong).toEqual([]);
    },
  );

  it.each([
    ['aws kinesis create-streams', 'no command kinesis create-streams'],
    ['aws kinesis create-stream --name raw', 'no option --name'],
    ['docker compose restart agregator', 'no service agregator'],
    ['docker compose -f no.yml up', 'no file no.yml'],
    ['node apps/kinesis-local/src/main.ts --dat x', expect.stringContaining('--dat is not')],
    ['npm run generate -- --rate -5x', expect.stringContaining('-5x is not an argument')],
    ['npm run no-such', 'no script no-such'],
    ['npm start -- --fres', expect.stringContaining('did you mean --fresh')],
    ['npx highwater fan-out list --streams x', 'no option --streams'],
    ['npx vitest run --project unit test/no-such', 'no unit test in test/no-such'],
  ])('would be found if wrong: %s', async (command, problem) => {
    const { calls } = await recordCalls([command]);
    expect(calls.flatMap(problemsOf)).toEqual(expect.arrayContaining([problem]));
  });
});

describe('docs/aws.md', () => {
  const blocks = blocksOf('docs/aws.md').map(({ text }) => text);
  const names = blocks.find((text) => text.startsWith('export AWS_REGION')) ?? '';
  const roles = blocks.find((text) => text.startsWith('trust=')) ?? '';
  const page = [...blocks, ...inlineCode('docs/aws.md')].join('\n');
  const omitted = [...page.matchAll(/OMIT='([\w|]+)'/g)].map(([, omit = '']) => omit);

  it('names the statements to leave out for each store', () => {
    expect(omitted.map((omit) => omit.split('|'))).toEqual([
      ['Timestream', 'StoreToken'],
      ['Store'],
      ['Timestream', 'StorePassword'],
    ]);
  });

  it.each([
    ['PostgreSQL', omitted[0], 'StorePassword'],
    ['Timestream', omitted[1], 'Timestream'],
    ['PostgreSQL with tokens of IAM', omitted[2], 'StoreToken'],
  ] as const)('gives each role the policy of infra/aws/rights.json for %s', async (...given) => {
    const [, omit = '', kept] = given;
    const { calls, files } = await recordCalls([names, `export OMIT='${omit}'`, roles]);
    const valueOf = (words: readonly string[], option: string) =>
      words[words.indexOf(option) + 1] ?? '';
    const put = calls
      .filter(({ words }) => words[1] === 'put-role-policy')
      .map(({ words }) => [
        valueOf(words, '--role-name').replace('highwater-', ''),
        JSON.parse(files.get(valueOf(words, '--policy-document')) ?? '') as object,
      ]);
    const filled = readFilledPolicies({
      region: 'eu-west-1',
      account: '123456789012',
      bucket: 'my-highwater-snapshots',
      dbResource: 'DBRESOURCE',
    });
    expect(put.length).toBeGreaterThan(3);
    const wanted = Object.entries(filled).map(([role, policy]) => [role, forStore(policy, kept)]);
    expect(Object.fromEntries(wanted)).toMatchObject(Object.fromEntries(put) as object);
    const trusts = calls
      .filter(({ words }) => words[1] === 'create-role')
      .map(({ words }) => JSON.parse(valueOf(words, '--assume-role-policy-document')) as object);
    for (const trust of trusts)
      expect(trust).toMatchObject({
        Statement: [{ Principal: { AWS: 'arn:aws:iam::123456789012:root' } }],
      });
    expect(trusts).toHaveLength(put.length);
  });
});
