import { belowMicro, strftime } from '../types/native-text.ts';

/** The format of DuckDB's `strftime` for a letter, or SQL of a text. */
type Piece = { readonly format: string } | { readonly sql: string };

const mysql: Readonly<Record<string, string>> = {
  a: '%a',
  b: '%b',
  c: '%-m',
  d: '%d',
  e: '%-d',
  f: '%f',
  H: '%H',
  h: '%I',
  I: '%I',
  i: '%M',
  j: '%j',
  k: '%-H',
  l: '%-I',
  M: '%B',
  m: '%m',
  p: '%p',
  r: '%I:%M:%S %p',
  S: '%S',
  s: '%S',
  T: '%H:%M:%S',
  v: '%V',
  W: '%A',
  x: '%G',
  Y: '%Y',
  y: '%y',
  '%': '%%',
};

/**
 * SQL that writes a point in time by a constant format of MySQL's letters, as `formatMysql` does.
 *
 * @returns undefined for a format that DuckDB cannot write
 */
export function nativeMysqlFormat(timeNs: string, format: string): string | undefined {
  const pieces = [...format.matchAll(/%(.?)|[^%]+/gsu)].map(([text, letter]) => {
    if (letter === undefined) return { format: text };
    const known = Object.hasOwn(mysql, letter) ? mysql[letter] : undefined;
    return known === undefined ? undefined : { format: known };
  });
  return written(timeNs, pieces);
}

const joda: Readonly<Record<string, string>> = {
  y: '%Y',
  yy: '%y',
  yyy: '%Y',
  yyyy: '%Y',
  x: '%G',
  xxxx: '%G',
  ww: '%V',
  e: '%u',
  D: '%-j',
  DDD: '%j',
  M: '%-m',
  MM: '%m',
  MMM: '%b',
  MMMM: '%B',
  d: '%-d',
  dd: '%d',
  E: '%a',
  EE: '%a',
  EEE: '%a',
  EEEE: '%A',
  a: '%p',
  H: '%-H',
  HH: '%H',
  h: '%-I',
  hh: '%I',
  m: '%-M',
  mm: '%M',
  s: '%-S',
  ss: '%S',
  SSS: '%g',
  SSSSSS: '%f',
  z: 'UTC',
  Z: '+0000',
  ZZ: '+00:00',
  ZZZ: 'UTC',
};

/** The same for Joda's letters, as `formatJoda`. */
export function nativeJodaFormat(timeNs: string, format: string): string | undefined {
  const all = format.matchAll(/([A-Za-z])\1*|'((?:[^']|'')*)'|[^A-Za-z']+/gs);
  const pieces = [...all].map(([text, letter, quoted]): Piece | undefined => {
    if (letter === undefined) {
      const plain =
        quoted === undefined ? text : quoted === '' ? "'" : quoted.replaceAll("''", "'");
      return { format: plain.replaceAll('%', '%%') };
    }
    if (text === 'SSSSSSSSS') return { sql: `${strftime(timeNs, '%f')} || ${belowMicro(timeNs)}` };
    const letters = text.replaceAll('Y', 'y');
    const known = Object.hasOwn(joda, letters) ? joda[letters] : undefined;
    return known === undefined ? undefined : { format: known };
  });
  return written(timeNs, pieces);
}

function written(timeNs: string, pieces: readonly (Piece | undefined)[]): string | undefined {
  const parts: string[] = [];
  let run = '';
  const endRun = () => {
    if (run !== '') parts.push(strftime(timeNs, run));
    run = '';
  };
  for (const piece of pieces) {
    if (!piece) return undefined;
    if ('format' in piece) {
      run += piece.format;
      continue;
    }
    endRun();
    parts.push(piece.sql);
  }
  endRun();
  // An empty format still is NULL for a NULL, and DuckDB takes no NUL in one.
  const isPlain =
    parts.length > 0 &&
    !pieces.some((piece) => piece && 'format' in piece && piece.format.includes('\0'));
  return isPlain ? `(${parts.join(' || ')})` : undefined;
}
