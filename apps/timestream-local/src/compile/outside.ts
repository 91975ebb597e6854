/** A quoted text or name, which is not searched. */
export const quoted = `'(?:[^']|'')*'|"(?:[^"]|"")*"`;

/**
 * Values that DuckDB cannot compute within a lambda or within TRY: results of subqueries,
 * aggregates, and window functions, columns of outer queries, and keys of GROUP BY. The SQL names
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

  /** Whether it contains more than columns that lambdas may name directly. */
  get isNeeded(): boolean {
    return this.#isNeeded;
  }

  /**
   * SQL that represents the value anywhere.
   *
   * @param isOwn whether it is a column of the same query: DuckDB finds those in a lambda, but not
   * together with columns of outer queries
   */
  take(sql: string, isOwn = false): string {
    this.#isNeeded ||= !isOwn;
    const same = sql.includes('random()') ? -1 : this.#values.indexOf(sql);
    const at = same === -1 ? this.#values.push(sql) - 1 : same;
    return `${this.#name}.c${at}`;
  }

  /** The SQL with the original values. */
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
