import { udfOfBatches, type Udf } from './udf.ts';

/**
 * Whether there is room for results that a function is about to make: true, or an error.
 *
 * Its arguments: the function's name for the message, how much the row's result takes, how much one
 * row may take, and all rows of a batch together. DuckDB computes a batch of 2,048 rows, or of as many
 * calls of a lambda, before it looks at its limits of time and memory.
 */
const room = (name: string, isVolatile: boolean): Udf =>
  udfOfBatches(
    { name, parameters: ['text', 'double', 'double', 'double'], returns: 'boolean', isVolatile },
    (query) => {
      const roomBytes = query.roomBytes();
      let total = 0;
      return (what, size, rowMax, batchMax) => {
        total += size;
        if (size > rowMax) {
          throw new Error(`The result of ${what} is too large: it would exceed ${shown(rowMax)}`);
        }
        if (total > batchMax) {
          throw new Error(
            `The results of ${what} are too large: those of one batch of rows would exceed ${shown(batchMax)}`,
          );
        }
        if (total > roomBytes) throw new Error('Query exceeded the memory limit.');
        return true;
      };
    },
  );

export const roomUdfs: readonly Udf[] = [
  // For every row, also where the result is a constant: what holds it may copy it for each.
  room('hw_room', true),
  // Once, where the result is a constant that DuckDB works out in advance.
  room('hw_room_once', false),
];

function shown(bytes: number): string {
  return `${bytes.toLocaleString('en-US')} bytes`;
}
