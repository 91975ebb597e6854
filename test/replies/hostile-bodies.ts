import fc from 'fast-check';

/** Members that requests of each API have. */
export const kinesisNames = [
  'StreamName',
  'StreamARN',
  'Records',
  'Data',
  'PartitionKey',
  'ShardId',
  'ShardCount',
  'Tags',
  'TagKeys',
  'ConsumerName',
  'ShardIterator',
  'ShardIteratorType',
  'ResourceARN',
];
export const timestreamNames = [
  'DatabaseName',
  'TableName',
  'CommonAttributes',
  'Records',
  'Dimensions',
  'Name',
  'Value',
  'MeasureName',
  'MeasureValues',
  'Time',
  'Version',
  'QueryString',
  'MaxRows',
];
export const adminNames = ['seed', 'operations', 'throttle', 'count', 'enforced'];
/** Names that every object has or that none knows. */
const oddNames = ['__proto__', 'constructor', 'other'];

const anyText = fc.oneof(
  fc.string(),
  fc.constantFrom('raw', 'DOUBLE', '1', 'LATEST', 'SELECT 1', '1'.repeat(40)),
  fc
    .tuple(
      fc.constantFrom('a', 'ä', ' ', '"', "'", '\\', '1', ':', 'SELECT a ', '('),
      fc.nat(50_000),
    )
    .map(([part, times]) => part.repeat(times)),
);

/** A body of a request; in the report of a failure only its start is shown. */
export class HostileBody {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  [fc.toStringMethod](): string {
    return `${this.text.slice(0, 500)} (${this.text.length} characters)`;
  }
}

/** JSON: members of the APIs with values that are long, many, deep or of the wrong type. */
export function anyBody(
  names: readonly string[],
  charactersMax = 2_000_000,
): fc.Arbitrary<HostileBody> {
  const many = (item: string, times: number) => {
    const timesMax = Math.floor(charactersMax / (item.length + 1));
    return Array.from({ length: Math.min(times, timesMax) }, () => item);
  };
  const { object } = fc.letrec<{ value: string; object: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      anyText.map((text) => JSON.stringify(text)),
      fc.constantFrom('null', 'true', '-1', '1e300', '12345678901234567890', '0.5', '{}', '[]'),
      tie('object'),
      fc.array(tie('value'), { maxLength: 3 }).map(listOf),
      fc.tuple(tie('value'), fc.nat(3_000)).map(([item, times]) => listOf(many(item, times))),
    ),
    object: fc.oneof(
      fc
        .array(fc.tuple(fc.constantFrom(...names, ...oddNames), tie('value')), { maxLength: 8 })
        .map(objectOf),
      fc
        .tuple(anyText, fc.nat(400))
        .map(([text, times]) => objectOf(many(text, times).map((name, i) => [name + i, '1']))),
    ),
  }));
  return object.filter((text) => text.length <= charactersMax).map((text) => new HostileBody(text));
}

function listOf(items: readonly string[]): string {
  return `[${items.join(',')}]`;
}

function objectOf(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}
