import { stepNs, type WireFields, type WireRequest } from './arbitrary-requests.ts';

/** The required answer to a request, in the words of the rules. */
export type ModelAnswer =
  | { readonly status: 400 }
  | { readonly status: 200; readonly total: number; readonly magnetic: number }
  | { readonly status: 419; readonly rejects: readonly ModelReject[] };

export interface ModelReject {
  readonly index: number;
  readonly why: 'window' | 'type' | 'conflict' | 'outdated';
  readonly existingVersion?: bigint;
}

/** A row according to the rules. */
export interface ModelRow {
  readonly version: bigint;
  /** By column, texts that are equal exactly when the values are. */
  readonly values: Readonly<Record<string, string>>;
}

interface ModelRecord extends ModelRow {
  readonly identity: string;
  readonly measureName: string;
  readonly type: string;
  readonly timeNs: bigint;
}

/**
 * A table by the service's rules of versions and windows, in the simplest form: no groups, no file,
 * no code shared with the server.
 */
export class ModelTable {
  /** By measure name, dimensions and time. */
  readonly rows = new Map<string, ModelRow>();
  readonly #types = new Map<string, string>();
  readonly #hasMagneticWrites: boolean;

  constructor(hasMagneticWrites: boolean) {
    this.#hasMagneticWrites = hasMagneticWrites;
  }

  write({ Records, CommonAttributes = {} }: WireRequest, nowNs: bigint): ModelAnswer {
    const records: ModelRecord[] = [];
    for (const wire of Records) {
      const record = readRecord({ ...CommonAttributes, ...wire }, [
        ...(CommonAttributes.Dimensions ?? []),
        ...(wire.Dimensions ?? []),
      ]);
      if (!record) return { status: 400 };
      records.push(record);
    }
    const rejects: ModelReject[] = [];
    let magnetic = 0;
    for (const [index, record] of records.entries()) {
      const isMagnetic = record.timeNs < nowNs - memoryNs - slackNs;
      const reject = this.#store(record, nowNs, isMagnetic);
      if (reject) rejects.push({ index, ...reject });
      else if (isMagnetic) magnetic += 1;
    }
    if (rejects.length > 0) return { status: 419, rejects };
    return { status: 200, total: records.length, magnetic };
  }

  #store(
    record: ModelRecord,
    nowNs: bigint,
    isMagnetic: boolean,
  ): Omit<ModelReject, 'index'> | undefined {
    const { identity, measureName, type, timeNs, version, values } = record;
    const isTooNew = timeNs >= nowNs + aheadNs;
    const isTooOld = this.#hasMagneticWrites
      ? timeNs < nowNs - memoryNs - slackNs - magneticNs
      : isMagnetic;
    if (isTooNew || isTooOld) return { why: 'window' };
    if ((this.#types.get(measureName) ?? type) !== type) return { why: 'type' };
    const existing = this.rows.get(identity);
    if (existing && version < existing.version) {
      return isMagnetic ? undefined : { why: 'outdated', existingVersion: existing.version };
    }
    if (existing?.version === version) {
      return isMagnetic || isEqual(values, existing.values) ? undefined : { why: 'conflict' };
    }
    this.#types.set(measureName, type);
    this.rows.set(identity, { version, values });
    return undefined;
  }
}

/** Six hours and a day, the retention of the tables. The clock moves in steps of five minutes. */
const memoryNs = 72n * stepNs;
const magneticNs = 288n * stepNs;
const slackNs = 5n * stepNs;
const aheadNs = 3n * stepNs;

function isEqual(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

type WireDimensions = NonNullable<WireFields['Dimensions']>;

function readRecord(wire: WireFields, dimensions: WireDimensions): ModelRecord | undefined {
  const { MeasureName = '', MeasureValueType: type = 'DOUBLE', Time = '' } = wire;
  const unitNs = unitsNs[wire.TimeUnit ?? 'MILLISECONDS'] ?? 0n;
  const version = BigInt(wire.Version ?? 1);
  const names = new Set(dimensions.map(({ Name }) => Name));
  const isWhole = names.size === dimensions.length && names.size > 0 && /^\d+$/.test(Time);
  if (!isWhole || version < 1n || wire.MeasureValue === 'NaN') return undefined;
  const values =
    type === 'MULTI'
      ? (wire.MeasureValues ?? []).map(
          ({ Name, Value, Type }) => [Name, canonical(Value, Type, unitNs)] as const,
        )
      : [
          [
            `measure_value::${type.toLowerCase()}`,
            canonical(wire.MeasureValue ?? '', type),
          ] as const,
        ];
  const timeNs = BigInt(Time) * unitNs;
  const labels = dimensions.map(({ Name, Value }) => `${Name}=${Value}`).toSorted();
  return {
    identity: [MeasureName, ...labels, String(timeNs)].join(' '),
    measureName: MeasureName,
    type,
    timeNs,
    version,
    values: Object.fromEntries(values),
  };
}

const unitsNs: Readonly<Record<string, bigint>> = {
  SECONDS: 10n ** 9n,
  MILLISECONDS: 10n ** 6n,
  MICROSECONDS: 10n ** 3n,
  NANOSECONDS: 1n,
};

function canonical(text: string, type: string, unitNs = 1n): string {
  switch (type) {
    case 'DOUBLE':
      return String(Number(text));
    case 'BIGINT':
      return String(BigInt(text.replace('+', '')));
    case 'BOOLEAN':
      return text.toLowerCase();
    case 'TIMESTAMP':
      return String(BigInt(text) * unitNs);
    default:
      return text;
  }
}
