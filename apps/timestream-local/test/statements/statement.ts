import { SeededRandom } from '@highwater/testkit';
import { FunctionTable } from './function-table.ts';
import { textOf, type Piece } from './piece.ts';
import { QueryMaker } from './query-maker.ts';

/** A generated statement. */
export interface Statement {
  readonly seed: string;
  readonly text: string;
  readonly piece: Piece;
}

const functions = new FunctionTable();

/** Most are small; some are nested more deeply than any person writes. */
const depths = [1, 2, 2, 3, 3, 3, 4, 5, 8, 20];

/**
 * Share of statements that may have long values in each of many rows. One of them can take seconds.
 */
const wildShare = 0.02;

/** Longer ones find little that shorter ones do not. */
const textLengthMax = 20_000;

/** The statement of a seed: always the same, as long as the functions stay the same. */
export function statementOf(seed: string): Statement {
  for (let tries = 0; ; tries += 1) {
    const random = new SeededRandom(tries === 0 ? seed : `${seed}/${tries}`);
    const isWild = random.chance(wildShare);
    const maker = new QueryMaker({ random, isWild }, functions);
    const { piece } = maker.query(random.pick(depths));
    const text = textOf(piece);
    if (text.length <= textLengthMax) return { seed, text, piece };
  }
}

/** Names of all functions that statements can contain. */
export const functionNames: readonly string[] = functions.names;
