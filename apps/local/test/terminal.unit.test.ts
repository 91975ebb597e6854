import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createTerminal } from '../src/terminal.ts';

function setUp(isTTY: boolean) {
  const output = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  const terminal = createTerminal(output);
  return { terminal, written: () => String(output.read() ?? '') };
}

const erase = '\r\u001B[2K';

describe('createTerminal', () => {
  it('rewrites the live line on a terminal, and keeps it below printed lines', () => {
    const { terminal, written } = setUp(true);
    terminal.live('one');
    terminal.live('two');
    terminal.print('above');
    terminal.settle();
    expect(written()).toBe(`${erase}one${erase}two${erase}above\ntwo\n`);
  });

  it('removes the live line', () => {
    const { terminal, written } = setUp(true);
    terminal.live('one');
    terminal.clear();
    terminal.clear();
    expect(written()).toBe(`${erase}one${erase}`);
  });

  it('writes plain lines to anything else', () => {
    const { terminal, written } = setUp(false);
    terminal.live('one');
    terminal.live('two');
    terminal.clear();
    terminal.print(terminal.style('red', 'three'));
    expect(written()).toBe('one\ntwo\nthree\n');
  });
});
