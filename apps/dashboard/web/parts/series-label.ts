/** The most informative dimensions, in order. */
const telling = [
  'instance_name',
  'process_name',
  'host',
  'hostname',
  'device_id',
  'series',
  'name',
];

/** The most informative dimension of a series; undefined without dimensions. */
export function tellingDimension(
  dimensions: Readonly<Record<string, string>>,
): readonly [name: string, value: string] | undefined {
  const name = telling.find((each) => dimensions[each] !== undefined);
  const first = Object.entries(dimensions)[0];
  return name === undefined ? first : [name, dimensions[name] ?? ''];
}

/** A series in a few words; its dimensions are shown in full elsewhere. */
export function seriesLabel(dimensions: Readonly<Record<string, string>>): string {
  const [name, value] = tellingDimension(dimensions) ?? [];
  if (name !== undefined && value !== undefined && telling.includes(name)) return shorten(value);
  const [first, second] = Object.values(dimensions);
  return shorten([first, second].filter((each) => each !== undefined).join(' · '));
}

function shorten(value: string): string {
  const bare = value.replace(/\.amazonaws\.com$/, '');
  return bare.length > 34 ? `${bare.slice(0, 16)}…${bare.slice(-16)}` : bare;
}
