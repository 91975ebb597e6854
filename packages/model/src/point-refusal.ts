/** Why a JSON object is not a point. A closed set: a metrics label. */
export type PointRefusal =
  | 'measure_name_missing'
  | 'measure_name_invalid'
  | 'measure_value_missing'
  | 'measure_value_invalid'
  | 'measure_type_unknown'
  | 'time_missing'
  | 'time_invalid'
  | 'time_unit_unknown'
  | 'dimensions_missing'
  | 'dimensions_too_many'
  | 'dimension_invalid'
  | 'dimension_reserved'
  | 'series_too_large';

/** Why a JSON object is not a point, with a description for a person. */
export class Refusal {
  readonly ok = false;
  readonly reason: PointRefusal;
  readonly detail: string;

  constructor(reason: PointRefusal, detail: string) {
    this.reason = reason;
    this.detail = detail;
  }
}

/** Enough of a text to recognize it, but no more, because details end up in logs. */
export function quoted(text: string): string {
  return text.length > 40 ? `"${text.slice(0, 40)}…"` : `"${text}"`;
}
