import { Slots, SlotsBusyError } from '@highwater/flow';
import type { RowReader } from '@highwater/model';
import { BusyError } from '../errors.ts';

/** How many questions may be under way, and how many may wait for their turn. */
export interface ReaderLimits {
  readonly inFlightMax: number;
  readonly waitingMax: number;
}

/** Bounds what reaches the store at once: more questions wait in order, and further ones are refused. */
export function limitReader(
  reader: RowReader,
  { inFlightMax, waitingMax }: ReaderLimits,
): RowReader {
  const slots = new Slots(inFlightMax, waitingMax);
  const takeTurn = async (signal: AbortSignal) => {
    try {
      return await slots.take(signal);
    } catch (error) {
      if (!(error instanceof SlotsBusyError)) throw error;
      const { takenCount, waitingCount } = slots;
      throw new BusyError(
        `querying the store: ${takenCount} queries are running and ${waitingCount} are waiting; try again later`,
      );
    }
  };
  const inTurn = async <Result>(signal: AbortSignal, ask: () => Promise<Result>) => {
    using _turn = await takeTurn(signal);
    return await ask();
  };
  return {
    engine: reader.engine,
    dimensions: (signal) => inTurn(signal, () => reader.dimensions(signal)),
    measures: (range, limits) => inTurn(limits.signal, () => reader.measures(range, limits)),
    dimensionValues: (dimension, choice, search, limits) =>
      inTurn(limits.signal, () => reader.dimensionValues(dimension, choice, search, limits)),
    points: (choice, limits) => inTurn(limits.signal, () => reader.points(choice, limits)),
    bins: (choice, binMs, limits) =>
      inTurn(limits.signal, () => reader.bins(choice, binMs, limits)),
    windows: (choice, limits) => inTurn(limits.signal, () => reader.windows(choice, limits)),
    corrections: (choice, limits) =>
      inTurn(limits.signal, () => reader.corrections(choice, limits)),
    async *rows(table, span, limits) {
      using _turn = await takeTurn(limits.signal);
      yield* reader.rows(table, span, limits);
    },
    summarize: (table, span, signal) => inTurn(signal, () => reader.summarize(table, span, signal)),
    query: (statement, limits) => inTurn(limits.signal, () => reader.query(statement, limits)),
    examples: () => reader.examples(),
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  };
}
