import { isSmallText, textInRoom } from '../types/room.ts';
import type { CallFacts } from './function-definition.ts';
import { unboundBytesMax } from './result-bytes.ts';

/**
 * SQL of a function whose result may be longer than its arguments.
 *
 * @param bytes SQL for how long it is, which is not computed where the statement alone says that it is short
 */
export function grown(what: string, sql: string, bytes: string, facts: CallFacts): string {
  if (isSmallText(unboundBytesMax(what, facts))) return sql;
  return textInRoom(sql, { what, bytes, isInLambda: facts.isInLambda });
}
