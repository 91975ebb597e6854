import { FunctionError } from './function-error.ts';

/**
 * A constant path as DuckDB writes it: `$.a["b c"][1]` as `$."a"."b c"[1]`.
 *
 * @throws {FunctionError} for anything but names and indexes after a `$`
 */
export function jsonPath(path: string): string {
  const invalid = () => new FunctionError(`Invalid JSON path: '${path}'`);
  if (!path.startsWith('$')) throw invalid();
  let sql = '$';
  for (let rest = path.slice(1); rest !== '';) {
    const step = /^\.([\w:-]+)|^\[(\d+)\]|^\["([^"\\]+)"\]|^\['([^'"\\]+)'\]/.exec(rest);
    if (!step) throw invalid();
    const [whole, plain, index, double, single] = step;
    sql += index === undefined ? `."${plain ?? double ?? single}"` : `[${index}]`;
    rest = rest.slice(whole.length);
  }
  return sql;
}
