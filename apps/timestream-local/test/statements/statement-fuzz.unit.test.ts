import { describe, expect, it } from 'vitest';
import { messageClass, isForeign } from './foreign-words.ts';
import { piece, smaller, textOf } from './piece.ts';
import { hasSameRows } from './run-one.ts';
import { StallClock } from './stall-clock.ts';
import { statementOf } from './statement.ts';

describe('a generated statement', () => {
  it('is the same for the same seed', () => {
    for (const seed of ['statement-1', 'statement-2', 'statement-77']) {
      expect(statementOf(seed).text).toBe(statementOf(seed).text);
    }
  });

  it('becomes smaller by replacing a part with something inside it, or with a constant', () => {
    const inner = piece('bigint', '0')`abs(x)`;
    const root = piece('bigint', '0')`length(${piece('varchar', "''")`chr(${inner})`})`;
    expect([...smaller(root)].map(textOf)).toEqual(['abs(x)', '0', "length('')", 'length(chr(0))']);
  });
});

describe('a fault', () => {
  it('is an error in the words of DuckDB', () => {
    expect(isForeign('Conversion Error: Could not cast 1')).toBe(true);
    expect(isForeign('No function matches the given name. Candidate functions: …')).toBe(true);
    expect(isForeign("line 1:8: Column 'x' cannot be resolved")).toBe(false);
    expect(isForeign('Query exceeded the maximum run time of 2 seconds.')).toBe(false);
  });

  it('belongs to the same class whatever its values are', () => {
    expect(messageClass(`line 1:9: 'a' is not 12`)).toBe(messageClass(`line 7:1: 'b' is not 3`));
  });

  it('does not include another order of the rows', () => {
    expect(hasSameRows('"Rows":[{"a":1},{"a":2}]', '"Rows":[{"a":2},{"a":1}]')).toBe(true);
    expect(hasSameRows('"Rows":[{"a":1}]', '"Rows":[{"a":2}]')).toBe(false);
  });

  it('does not include time in which the machine stalled', () => {
    const clock = new StallClock();
    clock.add([
      [100, 200],
      [150, 250],
    ]);
    clock.add([[400, 500]]);
    expect(clock.withoutStalls(0, 300)).toBe(150);
    expect(clock.withoutStalls(120, 450)).toBe(330 - 130 - 50);
    expect(clock.withoutStalls(250, 400)).toBe(150);
  });
});
