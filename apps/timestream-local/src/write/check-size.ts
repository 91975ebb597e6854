import type {
  IncomingDimensions,
  IncomingRecord,
  IncomingValue,
} from '../store/incoming-record.ts';

/** The service's documented limits on one record. */
const limits = {
  dimensionBytesMax: 2048,
  recordBytesMax: 2048,
  multiMeasuresMax: 256,
} as const;

type Sized = Pick<IncomingRecord, 'dimensions' | 'measureName' | 'values'>;

/**
 * Checks a record against the limits on sizes. How the service counts a record's bytes is published
 * only for metering, so that formula is used. The texts of rejections are this server's own.
 *
 * @returns why the record is rejected, or undefined
 */
export function checkSize(record: Sized): string | undefined {
  if (record.values.length > limits.multiMeasuresMax) {
    return `The record has ${record.values.length} measures; at most ${limits.multiMeasuresMax} are allowed in a multi-measure record.`;
  }
  // A UTF-16 unit needs at most three bytes, so most records need no counting.
  if (charactersOf(record) * 3 < limits.recordBytesMax) return undefined;
  const dimensionBytes = bytesOfDimensions(record.dimensions);
  if (dimensionBytes > limits.dimensionBytesMax) {
    return `The dimension names and values of the record have ${dimensionBytes} bytes; at most ${limits.dimensionBytesMax} are allowed.`;
  }
  const bytes = 8 + dimensionBytes + Buffer.byteLength(record.measureName) + bytesOfValues(record);
  return bytes > limits.recordBytesMax
    ? `The record has ${bytes} bytes; at most ${limits.recordBytesMax} are allowed.`
    : undefined;
}

function charactersOf({ dimensions, measureName, values }: Sized): number {
  let characters = 8 + measureName.length;
  for (const [name, value] of dimensions) characters += name.length + value.length;
  for (const { column, value } of values) characters += column.length + String(value).length;
  return characters;
}

function bytesOfDimensions(dimensions: IncomingDimensions): number {
  let bytes = 0;
  for (const [name, value] of dimensions) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
  }
  return bytes;
}

function bytesOfValues({ values }: Sized): number {
  let bytes = 0;
  for (const value of values) {
    const isSingle = value.column.startsWith('measure_value::');
    bytes += (isSingle ? 0 : Buffer.byteLength(value.column)) + bytesOfValue(value);
  }
  return bytes;
}

function bytesOfValue({ type, value }: IncomingValue): number {
  if (type === 'VARCHAR') return Buffer.byteLength(String(value));
  return type === 'BOOLEAN' ? 1 : 8;
}
