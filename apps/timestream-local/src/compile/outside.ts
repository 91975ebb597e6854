/** A quoted text or name, in which nothing is looked for. */
export const quoted = `'(?:[^']|'')*'|"(?:[^"]|"")*"`;

/**
 * Values that DuckDB computes nowhere within a lambda or within TRY: results of subqueries, of
 * aggregates and of window functions, columns of the queries around, keys of GROUP BY. The SQL names
 * them as fields of one struct, which is made outside of both.
 */
export class Outside {
  readonly #name: string;
  readonly #values: string[] = [];
  #isNeeded = false;

  /** @param name of the struct in the SQL */
  constructor(name = 'outside') {
    this.#name = name;
  }

  /** Whether it holds more than columns that lambdas may name as they are. */
  get isNeeded(): boolean {
    return this.#isNeeded;
  }

  /**
   * SQL that stands for the value, wherever it is put.
   *
   * @param isOwn whether it is a column of the same query: DuckDB finds those in a lambda, but not
   *   beside columns of the queries around
   */
  take(sql: string, isOwn = false): string {
    this.#isNeeded ||= !isOwn;
    const same = sql.includes('random()') ? -1 : this.#values.indexOf(sql);
    const at = same === -1 ? this.#values.push(sql) - 1 : same;
    return `${this.#name}.c${at}`;
  }

  /** The SQL as if nothing had been taken. */
  restore(sql: string): string {
    return this.#values.length === 0 ? sql : this.replace(sql, (_, value) => value);
  }

  /** Fields of the struct that the SQL names. */
  fields(sql: string): ReadonlyMap<string, string> {
    const fields = new Map<string, string>();
    this.replace(sql, (at, value) => {
      fields.set(`c${at}`, value);
      return value;
    });
    return fields;
  }

  /** @param by makes the SQL in the place of a value that the given SQL names, from its number and its own */
  replace(sql: string, by: (at: number, value: string) => string): string {
    const pattern = new RegExp(String.raw`${quoted}|\b${this.#name}\.c(\d+)\b`, 'g');
    return sql.replace(pattern, (found, at?: string) =>
      at === undefined ? found : by(Number(at), this.#values[Number(at)] ?? ''),
    );
  }
}
