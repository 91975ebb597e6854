const units: readonly (readonly [name: string, seconds: number])[] = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** `1 minute, 36 seconds`; fractions are left out. */
export function readableSeconds(value: number): string {
  if (!Number.isFinite(value)) throw new Error('Invalid argument found: not a finite number');
  let left = Math.floor(Math.abs(value));
  const parts: string[] = [];
  for (const [name, seconds] of units) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return parts.length === 0 ? '0 seconds' : parts.join(', ');
}
