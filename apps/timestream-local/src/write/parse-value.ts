import { cutText } from '@highwater/model';
import { ApiError } from '../http/api-error.ts';
import type { IncomingValue } from '../store/incoming-record.ts';
import { parseTime } from './parse-time.ts';
import type { WireTimeUnit, WireValueType } from './wire-record.ts';

/** The form of one value in a request. */
export interface WireValue {
  /** The column for it. */
  readonly column: string;
  readonly text: string;
  readonly type: WireValueType;
  /** Of the record: a TIMESTAMP counts in it, as `Time` does. */
  readonly timeUnit: WireTimeUnit;
  readonly isStrict: boolean;
}

const decimalNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Reads a value from its text.
 *
 * @throws {ApiError} ValidationException, which rejects the whole request
 */
export function parseValue({ column, text, type, timeUnit, isStrict }: WireValue): IncomingValue {
  switch (type) {
    case 'DOUBLE': {
      const value = decimalNumber.test(text) ? Number(text) : Number.NaN;
      if (!Number.isFinite(value) || Object.is(value, -0)) throw invalid(text, type);
      return { column, type, value };
    }
    case 'BIGINT': {
      const value = /^[+-]?\d{1,20}$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
      if (value === undefined || BigInt.asIntN(64, value) !== value) throw invalid(text, type);
      return { column, type, value };
    }
    case 'BOOLEAN': {
      const spelled = isStrict ? text : text.toLowerCase();
      if (spelled !== 'true' && spelled !== 'false') throw invalid(text, type);
      return { column, type, value: spelled === 'true' };
    }
    case 'VARCHAR':
      if (text.length > 682 && Buffer.byteLength(text) > 2048) throw invalid(text, type);
      return { column, type, value: text };
    case 'TIMESTAMP':
      return { column, type, value: parseTime(text, timeUnit) ?? refuse(text, type) };
    case 'MULTI':
      return refuse(text, type);
  }
}

function refuse(text: string, type: WireValueType): never {
  throw invalid(text, type);
}

function invalid(text: string, type: WireValueType): ApiError {
  const shown = cutText(text, 100);
  return new ApiError('ValidationException', `Invalid measure value for type ${type}: ${shown}`);
}
