import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cborLaws } from './cbor-laws.ts';
import { fanOutLaws } from './fan-out-laws.ts';
import { kinesaliteGaps, kinesisMockGaps, type Gap, type Gaps } from './gaps.ts';
import { iteratorLaws } from './iterator-laws.ts';
import type { Law, Subject } from './law.ts';
import { policyLaws } from './policy-laws.ts';
import { protocolLaws } from './protocol-laws.ts';
import { recordLaws } from './record-laws.ts';
import { reshardLaws } from './reshard-laws.ts';
import { streamLaws } from './stream-laws.ts';
import { startKinesalite, startKinesisMock, startOurs } from './subjects.ts';

const laws: readonly Law[] = [
  ...streamLaws,
  ...recordLaws,
  ...iteratorLaws,
  ...reshardLaws,
  ...fanOutLaws,
  ...policyLaws,
  ...protocolLaws,
  ...cborLaws,
];

// Goal: our server does what the documentation says, and we know what others do not. Method: the
// same laws through sockets with the SDK; a known gap of another server must fail its law.
describe.each<{ name: string; start: () => Promise<Subject>; gaps: Gaps }>([
  { name: 'kinesis-local', start: startOurs, gaps: {} },
  { name: 'kinesalite 3.3.3', start: startKinesalite, gaps: kinesaliteGaps },
  { name: 'kinesis-mock 0.6.2', start: startKinesisMock, gaps: kinesisMockGaps },
])('$name', ({ start, gaps }) => {
  const stack = new AsyncDisposableStack();
  let subject: Subject;
  beforeAll(async () => {
    subject = stack.use(await start());
  });
  afterAll(() => stack.disposeAsync());

  it.each(Object.keys(gaps))('has a rule for the gap: %s', (gap) => {
    expect(laws.map(({ title }) => title)).toContain(gap);
  });

  const lawsWith = (gap: Gap | undefined) => laws.filter(({ title }) => gaps[title] === gap);
  it.each(lawsWith(undefined))('$title', async ({ hold }) => {
    await expect(hold(subject)).resolves.toBeUndefined();
  });
  it.fails.each(lawsWith('fails'))('$title', async ({ hold }) => {
    await expect(hold(subject)).resolves.toBeUndefined();
  });
});
