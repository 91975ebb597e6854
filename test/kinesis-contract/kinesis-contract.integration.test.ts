import { afterAll, beforeAll, describe, it } from 'vitest';
import { fanOutLaws } from './fan-out-laws.ts';
import { gaps } from './gaps.ts';
import { iteratorLaws } from './iterator-laws.ts';
import type { Law, Subject } from './law.ts';
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
  ...protocolLaws,
];

// Goal: our server does what the documentation says, and we know what others do not. Method: the
// same laws through sockets with the SDK; a known gap of another server must fail its law.
describe.each([
  { name: 'kinesis-local', start: startOurs, known: new Set<string>() },
  { name: 'kinesalite 3.3.3', start: startKinesalite, known: gaps.kinesalite },
  { name: 'kinesis-mock 0.6.2', start: startKinesisMock, known: gaps['kinesis-mock'] },
])('$name', ({ start, known }) => {
  const stack = new AsyncDisposableStack();
  let subject: Subject;
  beforeAll(async () => {
    subject = stack.use(await start());
  }, 30_000);
  afterAll(() => stack.disposeAsync());

  for (const { title, hold } of laws) {
    const isGap = known.has(title);
    it(title, { fails: isGap, timeout: 15_000 }, () => hold(subject));
  }
});
