/**
 * Functions of Trino that are not supported, by the family of the registry that they would belong
 * to. A statement that names one is rejected, like one with an unknown name.
 */
export const missingFunctions: Readonly<Record<string, readonly string[]>> = {
  'Time and intervals': ['at_timezone', 'from_unixtime_nanos', 'with_timezone'],
  Calendar: ['from_iso8601_timestamp_nanos', 'timezone_hour', 'timezone_minute', 'to_char'],
  Timeseries: [],
  Conditional: ['uuid', 'version'],
  Mathematical: [
    'bitwise_left_shift',
    'bitwise_right_shift',
    'bitwise_right_shift_arithmetic',
    'cosine_similarity',
    'inverse_normal_cdf',
    'normal_cdf',
    'width_bucket',
  ],
  Strings: [
    'concat_ws',
    'format',
    'from_utf8',
    'luhn_check',
    'md5',
    'normalize',
    'sha256',
    'soundex',
    'split_to_map',
    'to_utf8',
    'url_extract_host',
    'word_stem',
  ],
  'Regular expressions': ['regexp_count', 'regexp_position'],
  JSON: ['is_json_scalar', 'json_exists', 'json_query', 'json_value'],
  Arrays: [
    'all_match',
    'any_match',
    'combinations',
    'map',
    'map_keys',
    'map_values',
    'ngrams',
    'none_match',
    'trim_array',
  ],
  Aggregates: [
    'approx_most_frequent',
    'bitwise_xor_agg',
    'checksum',
    'entropy',
    'grouping',
    'histogram',
    'listagg',
    'map_agg',
    'numeric_histogram',
    'reduce_agg',
  ],
  Windows: [],
};

const names = new Set(Object.values(missingFunctions).flat());

/** Whether a name, in lower case, is an unsupported function of Trino. */
export function isMissing(name: string): boolean {
  return names.has(name);
}
