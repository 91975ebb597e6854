import { udfOfBatches, type Udf } from './udf.ts';

/**
 * Whether there is room for what a function is about to make: true, or an error.
 *
 * Its arguments: the message, with a `?` for the bound; how much the row takes; how much one row may
 * take, and how much all rows of a batch together. DuckDB computes a batch of 2,048 rows, or of as many
 * calls of a lambda, before it looks at its limits of time and memory.
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
  // For every row, also where the result is a constant: what holds it may copy it for each.
  room('hw_room', true),
  // As DuckDB thinks fit: once for a constant, and within TRY, which takes nothing that may vary.
  room('hw_room_once', false),
];

function tooLarge(message: string, max: number, where: string): Error {
  return new Error(`${message.replace('?', max.toLocaleString('en-US'))} in one ${where}`);
}
