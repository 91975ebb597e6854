/** A record of a WriteRecords request, or its common attributes, once its shape is checked. */
export interface WireRecord {
  readonly Dimensions?: readonly WireDimension[] | null | undefined;
  readonly MeasureName?: string | null | undefined;
  readonly MeasureValue?: string | null | undefined;
  readonly MeasureValueType?: WireValueType | null | undefined;
  readonly MeasureValues?: readonly WireMeasureValue[] | null | undefined;
  readonly Time?: string | null | undefined;
  readonly TimeUnit?: WireTimeUnit | null | undefined;
  readonly Version?: number | bigint | null | undefined;
}

export interface WireDimension {
  readonly Name: string;
  readonly Value: string;
}

export type WireValueType = 'DOUBLE' | 'BIGINT' | 'VARCHAR' | 'BOOLEAN' | 'TIMESTAMP' | 'MULTI';

export type WireTimeUnit = 'SECONDS' | 'MILLISECONDS' | 'MICROSECONDS' | 'NANOSECONDS';

export interface WireMeasureValue {
  readonly Name: string;
  readonly Value: string;
  readonly Type: WireValueType;
}
