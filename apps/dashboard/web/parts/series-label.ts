/** Dimensions that tell most, in that order. */
const telling = [
  'instance_name',
  'process_name',
  'host',
  'hostname',
  'device_id',
  'series',
  'name',
];

/** A series in a few words; its dimensions are shown in full elsewhere. */
export function seriesLabel(dimensions: Readonly<Record<string, string>>): string {
  for (const name of telling) {
    const value = dimensions[name];
    if (value !== undefined) return shorten(value);
  }
  const [first, second] = Object.values(dimensions);
  return shorten([first, second].filter((value) => value !== undefined).join(' · '));
}

function shorten(value: string): string {
  const bare = value.replace(/\.amazonaws\.com$/, '');
  return bare.length > 34 ? `${bare.slice(0, 16)}…${bare.slice(-16)}` : bare;
}
