import { isSmallText, textBytesMax, textInRoom } from './room.ts';
import { types } from './sql-type.ts';
import type { Typed } from './typed.ts';

/** Concatenated texts. Earlier concatenations are flattened, so that space is checked once. */
export function joinTexts(texts: readonly Typed[], isInLambda: boolean): Typed {
  const parts = texts.flatMap((text) => text.parts ?? [text]);
  const sql = `(${parts.map((part) => part.sql).join(' || ')})`;
  const bytesMax = parts.reduce((sum, part) => sum + (part.bytesMax ?? Infinity), 0);
  if (isSmallText(bytesMax)) return { sql, type: types.varchar, bytesMax, parts };
  const bytes = parts.map((part) => `strlen(${part.sql})`);
  const growth = { what: 'concat', bytes: `(${bytes.join(' + ')})`, isInLambda };
  const known = Math.min(bytesMax, textBytesMax);
  return { sql: textInRoom(sql, growth), type: types.varchar, bytesMax: known, parts };
}
