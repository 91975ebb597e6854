import { callWithRetry, type CallContext } from './call-with-retry.ts';
import { dimensionsMax, isMeasureView, measureView, type MeasureShape } from './measure-view.ts';
import type { Series } from './series-book.ts';
import { literal } from './sql-text.ts';
import type { TableLayout } from './table-layout.ts';

/** Measures with a view of their own: each is a few files on the server. */
const viewsMax = 1_000;

/** Others may add dimensions while a view is made; the last of them makes it whole. */
const roundsMax = 5;

interface Known {
  readonly dimensions: Set<string>;
  readonly types: Set<string>;
}

/** Makes a view for each measure, beside the writing of rows: it never fails because of a view. */
export class MeasureViews implements AsyncDisposable {
  readonly #context: CallContext;
  readonly #layout: TableLayout;
  readonly #ended = new AbortController();
  readonly #known = new Map<string, Known>();
  readonly #waiting = new Set<string>();
  #work: Promise<void> | undefined;
  #isFull = false;

  constructor(context: CallContext, layout: TableLayout) {
    this.#context = context;
    this.#layout = layout;
  }

  /** Looks whether these series, which are stored, bring a measure or a dimension that is new. */
  follow(series: readonly Series[]): void {
    for (const { measureName, dimensions, valueType } of series) {
      const known = this.#knownOf(measureName);
      if (!known) continue;
      const size = known.dimensions.size + known.types.size;
      for (const { name } of dimensions) {
        // A producer may invent names without end; the view has no columns for them.
        if (known.dimensions.size < dimensionsMax) known.dimensions.add(name);
      }
      known.types.add(valueType);
      if (known.dimensions.size + known.types.size > size) this.#waiting.add(measureName);
    }
    if (this.#waiting.size > 0) this.#work ??= this.#run();
  }

  /** Waits for the views that are still to be made, and gives up when that takes long. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { clock, requestTimeoutMs } = this.#context;
    const timeUp = new AbortController();
    const limit = clock.sleep(requestTimeoutMs, timeUp.signal).catch(() => undefined);
    await Promise.race([this.#work, limit]);
    timeUp.abort();
    this.#ended.abort();
    await this.#work;
  }

  #knownOf(measureName: string): Known | undefined {
    const known = this.#known.get(measureName);
    if (known || this.#known.size < viewsMax) {
      const entry = known ?? { dimensions: new Set(), types: new Set() };
      this.#known.set(measureName, entry);
      return entry;
    }
    if (!this.#isFull) {
      const { table } = this.#layout;
      this.#context.log.warn({ table, viewsMax }, 'Further measures get no view of their own.');
    }
    this.#isFull = true;
    return undefined;
  }

  async #run(): Promise<void> {
    for (const measureName of this.#waiting) {
      this.#waiting.delete(measureName);
      if (this.#ended.signal.aborted) break;
      try {
        await this.#make(measureName);
      } catch (error) {
        if (this.#ended.signal.aborted) break;
        this.#context.log.warn(
          { err: error, measureName },
          'Could not make the view of a measure; its rows are written all the same.',
        );
      }
    }
    this.#work = undefined;
  }

  async #make(measureName: string): Promise<void> {
    const { database } = this.#context;
    for (let round = 0; round < roundsMax; round++) {
      const shape = await this.#shapeOf(measureName);
      const { name, statement, comment } = measureView(database, this.#layout, shape);
      const [[present] = []] = await this.#query(
        `SELECT comment FROM system.tables WHERE database = ${literal(database)} AND name = ${literal(name)}`,
      );
      if (present === comment) return;
      // A replacement would drop a table with all its rows.
      if (present !== undefined && !isMeasureView(present)) {
        this.#context.log.warn(
          { measureName, name },
          'A measure gets no view, because something else has its name.',
        );
        return;
      }
      await this.#call((signal) => this.#context.connection.command(statement, { signal }));
    }
  }

  async #shapeOf(measureName: string): Promise<MeasureShape> {
    const [[dimensions = '[]', types = '[]'] = []] = await this.#query(
      `SELECT toJSONString(arraySlice(arraySort(groupUniqArrayArray(mapKeys(dimensions))), 1, ${dimensionsMax})), toJSONString(arraySort(groupUniqArray(value_type)))
      FROM ${this.#layout.series} WHERE measure_name = ${literal(measureName)}`,
    );
    return {
      measureName,
      dimensions: JSON.parse(dimensions) as string[],
      valueTypes: JSON.parse(types) as string[],
    };
  }

  #query(statement: string): Promise<readonly (readonly string[])[]> {
    return this.#call((signal) => this.#context.connection.texts(statement, { signal }));
  }

  #call<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return callWithRetry(this.#context, 'making a view', call, this.#ended.signal);
  }
}
