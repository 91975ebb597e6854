/** The expected result of a rule at a server with a known gap. */
export type Gap =
  /** It fails; when it does not any more, the suite says so, and the list stays true. */
  | 'fails'
  /** It would fail by never coming to an end, or after too long to wait for; it is not tried. */
  | 'hangs'
  /** It holds in one run and fails in the next, so neither can be expected; it is not tried. */
  | 'wavers';

/** Known gaps, by the title of the law. */
export type Gaps = Readonly<Record<string, Gap>>;

/** kinesalite 3.3.3: the API as it was in 2020, names instead of ARNs, no fan-out. */
export const kinesaliteGaps: Gaps = {
  'takes the ARN of a stream instead of its name': 'fails',
  'describes the shards of a stream page by page': 'fails',
  'changes the mode of a stream': 'fails',
  'accepts that a stream is to be encrypted': 'fails',
  'counts the open shards of the account': 'fails',
  'takes a call of 9 MiB': 'fails',
  'refuses a call above 10 MiB': 'fails',
  'refuses to give more than 10,000 records at once': 'fails',
  'says how far behind the tip a reader is': 'fails',
  'names the children at the end of a split shard': 'fails',
  'names the child at the end of both merged shards': 'fails',
  'scales to equal shards': 'fails',
  'refuses to more than double the shards': 'fails',
  'lists the open shards alone with AT_LATEST': 'fails',
  'lists the shards that were open at the trim horizon with AT_TRIM_HORIZON': 'fails',
  'lists the shards after one with AFTER_SHARD_ID': 'fails',
  'lists the shards that were open at a time with AT_TIMESTAMP': 'fails',
  'lists shards page by page': 'fails',
  'registers a consumer that becomes ACTIVE': 'fails',
  'refuses a second consumer of the same name': 'fails',
  'forgets a consumer that is deregistered': 'fails',
  'pushes the records that are there and those that come': 'fails',
  'sends events with a continuation while nothing is put': 'fails',
  'resumes after a continuation without a gap or a repeat': 'fails',
  'refuses a second subscription within five seconds': 'fails',
  'ends a subscription at the end of a closed shard, with its children': 'fails',
  'keeps the policy of a stream until it is deleted': 'fails',
  'keeps the policy of a consumer apart from that of its stream': 'fails',
  'refuses a policy that is no JSON': 'fails',
  'refuses a policy for a stream that does not exist': 'fails',
  "speaks with the SDK's default handler, which wants HTTP/2": 'fails',
  'speaks CBOR, as the SDK for Java does': 'fails',
  'starts at a time that a CBOR call gives in milliseconds': 'fails',
  'lists shards by the times of a CBOR call': 'fails',
  'tells times in CBOR as whole milliseconds': 'fails',
  'tells times in CBOR events as whole milliseconds': 'fails',
};

/** kinesis-mock 0.6.2, as the npm package kinesis-local: few bounds, and slow with large records. */
export const kinesisMockGaps: Gaps = {
  'refuses more than 500 records in a call': 'fails',
  'refuses a call without records': 'fails',
  'takes a call of 9 MiB': 'hangs',
  'refuses a call above 10 MiB': 'hangs',
  'says how far behind the tip a reader is': 'hangs',
  'refuses the sequence number of another shard': 'fails',
  'refuses what is no iterator': 'fails',
  'merges two shards into one that continues both': 'fails',
  'scales to equal shards': 'fails',
  'lists the shards that were open at the trim horizon with AT_TRIM_HORIZON': 'fails',
  'lists the shards that were open at a time with AT_TIMESTAMP': 'fails',
  'forgets a consumer that is deregistered': 'hangs',
  'ends a subscription at the end of a closed shard, with its children': 'hangs',
  'refuses a policy that is no JSON': 'fails',
  "speaks with the SDK's default handler, which wants HTTP/2": 'wavers',
  'speaks CBOR, as the SDK for Java does': 'fails',
  'names the exception of a CBOR call in CBOR': 'fails',
  'lists shards by the times of a CBOR call': 'fails',
  'tells times in CBOR as whole milliseconds': 'fails',
  'tells times in CBOR events as whole milliseconds': 'fails',
};
