import { SimulatedClock } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { tryAlone } from '../src/consuming/try-alone.ts';

/** A trial that records what happens to it. */
function trial(call: (clock: SimulatedClock) => Promise<void>) {
  const clock = new SimulatedClock();
  const lines: string[] = [];
  const note = (line: string) => async () => void lines.push(line);
  const calling = async () => {
    lines.push('call');
    await call(clock);
    lines.push('called');
  };
  const options = { begin: note('begin'), call: calling, acquit: note('acquit'), clock };
  return { clock, lines, options };
}

describe('tryAlone', () => {
  it('removes the attempt when the record has passed', async () => {
    const { lines, options } = trial(async () => undefined);
    await tryAlone(options);
    expect(lines).toEqual(['begin', 'call', 'called', 'acquit']);
  });

  it('removes the attempt when the record has thrown, and throws the same error', async () => {
    const { lines, options } = trial(() => Promise.reject(new Error('bad')));
    await expect(tryAlone(options)).rejects.toThrow('bad');
    expect(lines).toEqual(['begin', 'call', 'acquit']);
  });

  it('removes the attempt while the record waits for something', async () => {
    const { clock, lines, options } = trial((time) => time.sleep(60_000));
    const trying = tryAlone(options);
    await clock.advance(5_000);
    expect(lines).toEqual(['begin', 'call', 'acquit']);
    await clock.advance(60_000);
    await trying;
    expect(lines.at(-1)).toBe('called');
  });

  it('ends after the call when the attempt cannot be removed', async () => {
    const { clock, lines, options } = trial((time) => time.sleep(60_000));
    const acquit = () => Promise.reject(new Error('lease lost'));
    const trying = tryAlone({ ...options, acquit }).catch(({ message }: Error) => {
      lines.push(message);
    });
    await clock.advance(120_000);
    await trying;
    expect(lines).toEqual(['begin', 'call', 'called', 'lease lost']);
  });
});
