const adviceByReason: Readonly<Record<string, string>> = {
  empty: 'The record has no bytes. Look at its producer; nothing is lost.',
  too_large: 'The record holds more than is read at once. Send smaller records.',
  not_utf8:
    'The bytes are not UTF-8. Look at the producer’s encoding, or at a compression that is not read here.',
  not_json: 'The text is not JSON. Correct it and send it again; the time in it still counts.',
  not_an_object: 'A point is a JSON object. Wrap the value, or send an array of objects.',
  too_many_faults:
    'Most of the record is no point, so that it was not read to its end. Look at its producer, and send what is good in it again.',
  dimension_reserved:
    'The store or a view row needs this name for itself. Give the dimension another name and send the point again.',
  series_too_large:
    'The names and values together are more than the store takes. Shorten them, or send fewer dimensions.',
  future:
    'The point claims a time far after its arrival. Check the producer’s clock and its TimeUnit; send it again with the right time.',
  unknown_view:
    'Aggregator and upsert writer have different views or revisions. Roll both out with the same file; the partial comes again with the next firing.',
  damaged:
    'Bytes of the record were changed on its way. Its partials come again if their windows fire again; rebuild the others from the raw rows.',
  impossible:
    'No aggregator can have sent this; the detail says why. Look for another writer to the results stream and take its right away, or for an HW_MAX_FUTURE_SKEW_MS that differs between services.',
  not_a_result:
    'Something else than the aggregator writes to the results stream. Find it by its partition key.',
  not_finite:
    'The aggregate left the range of doubles. Look for absurd values among the raw points of this window.',
  row_forgotten:
    'A partial came after its row had been settled. Raise the allowed lateness, or rebuild the window from the raw rows.',
  view_began_later:
    'The window was open when the revision of its view was raised. What was stored of it stays; read the streams from the beginning to compute it again.',
  view_begin_unknown:
    'A source had not begun the raised revision when the bound on open rows was reached. Start its aggregator, and rebuild the window from the raw rows.',
  store_time_out_of_range:
    'The store does not keep rows of this age. Raise the memory retention, or turn on magnetic store writes, then send it again.',
  store_version_conflict:
    'The same version was stored with another value: two producers disagree about one point. Find the second one.',
  store_invalid:
    'The row breaks a limit of the store (names, sizes, number of dimensions). The detail names it.',
  store_other: 'The store refused the row for its own reason; the detail is in its words.',
};

/** What a person can do about a dead letter. */
export function adviceFor(reason: string): string {
  return (
    adviceByReason[reason] ??
    'The detail says what is wrong. Correct the record and send it again to the stream that it came from.'
  );
}
