import type { DecodeReason } from './decode-record.ts';
import type { ResultRefusal } from './results-codec.ts';
import type { RejectReason } from './store.ts';

/** Why something is in the dead letters. A closed set: a metrics label. */
export type DeadLetterReason =
  | DecodeReason
  | ResultRefusal
  | 'future'
  | 'too_many_series'
  | 'too_many_windows'
  | 'too_many_rows'
  | 'processing_failed'
  | 'unknown_view'
  | 'impossible'
  | 'not_finite'
  | 'row_forgotten'
  | 'view_began_later'
  | 'view_begin_unknown'
  | `store_${RejectReason}`;

/** Why a reason occurs, and what a person can do about it. */
export interface ReasonText {
  readonly cause: string;
  readonly fix: string;
}

/** Read by the dashboard and by docs/reference/errors.md. */
export const deadLetterReasons: Readonly<Record<DeadLetterReason, ReasonText>> = {
  empty: {
    cause: 'The record has no bytes, or contains no points.',
    fix: 'Check why the producer sends empty records. You need not send anything again.',
  },
  too_large: {
    cause:
      'The record, or one element of it, is larger than Highwater accepts. The detail has both sizes.',
    fix: 'Check that the producer sends points, and send fewer of them per record.',
  },
  not_utf8: {
    cause: 'The bytes are not UTF-8 text. They may be compressed, or in another encoding.',
    fix: 'Make the producer send uncompressed UTF-8 text, and then send the points again.',
  },
  not_json: {
    cause: 'The text is not valid JSON.',
    fix: 'Fix the producer, and then send the corrected text again.',
  },
  not_an_object: {
    cause: 'The element is a JSON value, but not an object.',
    fix: 'Send each point as a JSON object, or as an object in an array.',
  },
  too_many_faults: {
    cause: 'Too many elements of the record are invalid, so Highwater did not read the rest.',
    fix: 'Fix the producer, and then send the points of the record again.',
  },
  measure_name_missing: {
    cause: 'The object has no MeasureName. Highwater cannot map other field names yet.',
    fix: 'Rename the fields (MeasureName, MeasureValue, Time), and then send the point again.',
  },
  measure_name_invalid: {
    cause: 'MeasureName is not a string, is too long, or contains a colon or a NUL character.',
    fix: 'Choose another name, and then send the point again.',
  },
  measure_value_missing: {
    cause: 'The object has no MeasureValue.',
    fix: 'Send a value with each point. If there is no value, send no point.',
  },
  measure_value_invalid: {
    cause: 'MeasureValue does not match MeasureValueType, is out of range, or is too long.',
    fix: 'Correct the value or the type, and then send the point again.',
  },
  measure_type_unknown: {
    cause: 'MeasureValueType is not DOUBLE, BIGINT, VARCHAR, or BOOLEAN.',
    fix: 'Use one of these types, or leave the field out for DOUBLE.',
  },
  time_missing: {
    cause: 'The object has no Time.',
    fix: 'Send the time of the measurement with each point.',
  },
  time_invalid: {
    cause: 'Time is not a whole number, or is outside the range that can be stored.',
    fix: 'Send the time since 1970 as a whole number, and check that TimeUnit is its unit.',
  },
  time_unit_unknown: {
    cause: 'TimeUnit is not SECONDS, MILLISECONDS, MICROSECONDS, or NANOSECONDS.',
    fix: 'Use one of these units, or leave the field out for MILLISECONDS.',
  },
  dimensions_missing: {
    cause: 'The point has no dimension with a value, so it belongs to no series.',
    fix: 'Add at least one field that identifies the series, such as a host name.',
  },
  dimensions_too_many: {
    cause: 'The point has more dimensions than the store accepts.',
    fix: 'Send fewer dimensions.',
  },
  dimension_invalid: {
    cause: 'A dimension has a name that the store does not accept, or a value that is not text.',
    fix: 'Rename the dimension, or correct its value, and then send the point again.',
  },
  dimension_reserved: {
    cause: 'The name of a dimension is reserved for the store or for view rows.',
    fix: 'Rename the dimension, and then send the point again.',
  },
  series_too_large: {
    cause: 'The measure name and the dimensions together are larger than the store accepts.',
    fix: 'Shorten them, or send fewer dimensions.',
  },
  future: {
    cause: 'The time of the point is more than HW_MAX_FUTURE_SKEW_MS ahead of its arrival.',
    fix: 'Check the clock and the time zone of the producer, and then send the point with the right time.',
  },
  too_many_series: {
    cause:
      'The open windows of the shard already contain the maximum number of series (HW_AGGREGATOR_SERIES_MAX).',
    fix: 'Remove dimensions that get new values all the time, split the shard, or raise the limit. The raw row of the point is stored either way.',
  },
  too_many_windows: {
    cause: 'The shard already has the maximum number of open windows (HW_AGGREGATOR_WINDOWS_MAX).',
    fix: 'Send old points first and in smaller records, or raise the limit. The raw row of the point is stored either way.',
  },
  too_many_rows: {
    cause: 'The shard already has the maximum number of open rows (HW_AGGREGATOR_ROWS_MAX).',
    fix: 'Shorten allowedLateness, lengthen the windows, group by fewer dimensions, split the shard, or raise the limit. The raw row of the point is stored either way.',
  },
  processing_failed: {
    cause: 'The service failed three times on this record. This is a bug in Highwater.',
    fix: 'Report the bug with the reason and the detail, but without the payload, because it contains your points. When a fixed version is running, put the payload on the raw stream again. If upsert-writer wrote the letter, read the raw stream again from its start instead.',
  },
  damaged: {
    cause: 'The bytes of the record on the results stream do not match its checksum.',
    fix: 'Find out what changes records between aggregator and upsert-writer. If a late point changes one of the windows, aggregator sends its partial result again. To compute the other rows again, read the raw stream again from its start.',
  },
  not_a_result: {
    cause: 'The record on the results stream was not written by aggregator.',
    fix: 'Find the other writer by its partition key, and revoke its permission.',
  },
  unknown_view: {
    cause:
      'aggregator and upsert-writer have different views, or different revisions of this view.',
    fix: 'Deploy both with the same views file. If a late point changes the window, aggregator sends its partial result again.',
  },
  impossible: {
    cause:
      'The partial result or the progress report contradicts itself, so aggregator cannot have sent it. The detail gives the contradiction.',
    fix: 'Check for another writer to the results stream, and for services with a different HW_MAX_FUTURE_SKEW_MS.',
  },
  not_finite: {
    cause:
      'A result is outside the range of a DOUBLE, or the row has more points than the aggregate can keep.',
    fix: 'Check the raw points of the window for extreme values. If there are too many points, use a shorter window.',
  },
  row_forgotten: {
    cause:
      'A partial result arrived after upsert-writer had removed its row from memory. The stored row is complete without it or has other points. On ClickHouse, which does not say what it has, the partial result can also be the only row.',
    fix: 'Nothing is overwritten. To keep rows open for longer, raise allowedLateness of the view, or HW_UPSERT_WRITER_OPEN_ROWS_MAX if the limit was reached.',
  },
  view_began_later: {
    cause: 'The window was already open when you raised the revision of its view.',
    fix: 'The stored row keeps its old value. To compute it again, read the raw stream again from its start.',
  },
  view_begin_unknown: {
    cause:
      'upsert-writer reached its limit on open rows (HW_UPSERT_WRITER_OPEN_ROWS_MAX) while the row waited for a shard that had not started the raised revision.',
    fix: 'Make sure that aggregator reads every shard. To compute the row again, read the raw stream again from its start.',
  },
  store_time_out_of_range: {
    cause: 'The time of the row is outside the period that the table accepts.',
    fix: 'With Timestream, raise the memory retention of the table, or turn on magnetic store writes. With PostgreSQL, raise HW_STORE_RAW_DAYS or HW_STORE_ROWS_DAYS. With ClickHouse, change the TTL of the table. Then send the points again.',
  },
  store_version_conflict: {
    cause: 'The store already has another value for the same point and version.',
    fix: 'Two producers send different values for one point, or one record contains both. Find the second value in the store, and remove its source.',
  },
  store_invalid: {
    cause:
      'The row breaks a rule of the store, such as a limit on names or sizes. The detail names it.',
    fix: 'Correct the producer, and then send the point again.',
  },
  store_other: {
    cause:
      'The store rejected the row for a reason that Highwater does not know. A common one: a Timestream table keeps the type of the first value of each measure, and rejects values of another type.',
    fix: 'Read the detail, which contains the message of the store.',
  },
};

/** The remedy for a dead letter, whose reason may come from another version. */
export function adviceFor(reason: string): string {
  const text: ReasonText | undefined = Object.hasOwn(deadLetterReasons, reason)
    ? deadLetterReasons[reason as DeadLetterReason]
    : undefined;
  return text
    ? `${text.cause} ${text.fix}`
    : 'Read the detail. Correct the record, and then send it to its stream again.';
}
