import type { SqlType } from '../../src/types/sql-type.ts';
import type { ExpressionMaker, Typed } from './expression-maker.ts';
import { orderedType } from './match-pattern.ts';
import type { Piece } from './piece.ts';
import type { Scope } from './scope.ts';

const bounds = [
  'UNBOUNDED PRECEDING',
  '1 PRECEDING',
  'CURRENT ROW',
  '1000 FOLLOWING',
  'UNBOUNDED FOLLOWING',
];

/** A window function, of the given type if there is one. */
export function windowCall(
  expressions: ExpressionMaker,
  depth: number,
  scope: Scope,
  wanted?: SqlType,
): Typed {
  const { random } = expressions;
  const kind = random.pick(['window', 'aggregate'] as const);
  const call =
    (wanted && expressions.call(wanted, kind, depth, scope)) ??
    (wanted && expressions.call(wanted, 'aggregate', depth, scope)) ??
    expressions.anyCall(kind, depth, scope);
  const { piece: made, type } = call;
  return {
    type,
    piece: expressions.piece(type, [made, ' OVER (', ...spec(expressions, scope), ')']),
  };
}

function spec(expressions: ExpressionMaker, scope: Scope): (string | Piece)[] {
  const { random } = expressions;
  const parts: (string | Piece)[] = [];
  if (random.chance(0.5)) {
    const key = expressions.make(orderedType(random), 1, scope);
    parts.push({ role: 'partition', least: '', parts: ['PARTITION BY ', key] });
  }
  if (!random.chance(0.7)) return parts;
  const key = expressions.make(orderedType(random), 1, scope);
  const order = random.pick(['', ' DESC', ' NULLS FIRST']);
  parts.push({ role: 'order', least: '', parts: [' ORDER BY ', key, order] });
  if (random.chance(0.4)) parts.push({ role: 'frame', least: '', parts: [frame(expressions)] });
  return parts;
}

/** From one bound to another that is not before it. */
function frame({ random }: ExpressionMaker): string {
  const start = random.int(0, 2);
  const end = random.int(Math.max(start, 2), bounds.length - 1);
  return ` ROWS BETWEEN ${bounds[start]} AND ${bounds[end]}`;
}
