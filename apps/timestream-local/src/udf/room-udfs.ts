import { udfOfBatches, type Udf } from './udf.ts';

/**
 * Whether there is space for the result of a function: true, or an error.
 *
 * Its arguments: the message, with a `?` for the limit; the size of the row; the limit of one row,
 * and the limit of all rows of a batch together. DuckDB computes a batch of 2,048 rows, or of as
 * many calls of a lambda, before it checks its limits of time and memory.
 */
const room = (name: string, isVolatile: boolean): Udf =>
  udfOfBatches(
    {
      name,
      parameters: ['laterText', 'double', 'double', 'double'],
      returns: 'boolean',
      isVolatile,
    },
    (query) => {
      const roomBytes = query.roomBytes();
      let total = 0;
      return (message, size, rowMax, batchMax) => {
        total += size;
        if (size > rowMax) throw tooLarge(message(), rowMax, 'row');
        if (total > batchMax) throw tooLarge(message(), batchMax, 'batch of rows');
        if (total > roomBytes) throw new Error('Query exceeded the memory limit.');
        return true;
      };
    },
  );

export const roomUdfs: readonly Udf[] = [
  // For every row, even if the result is a constant, because its container may copy it for each.
  room('hw_room', true),
  // As DuckDB decides: once for a constant, and within TRY, which does not support anything that
  // may vary.
  room('hw_room_once', false),
];

function tooLarge(message: string, max: number, where: string): Error {
  return new Error(`${message.replace('?', max.toLocaleString('en-US'))} in one ${where}`);
}
