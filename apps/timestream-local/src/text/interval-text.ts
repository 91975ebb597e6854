const secondNs = 1_000_000_000n;
const dayNs = 86_400n * secondNs;

/** `1 21:00:00.000000000`: days, then the time. */
export function durationText(durationNs: bigint): string {
  const size = durationNs < 0n ? -durationNs : durationNs;
  const rest = size % dayNs;
  const two = (value: bigint) => String(value).padStart(2, '0');
  const clock = [
    rest / (3600n * secondNs),
    (rest / (60n * secondNs)) % 60n,
    (rest / secondNs) % 60n,
  ];
  const fraction = String(rest % secondNs).padStart(9, '0');
  return `${durationNs < 0n ? '-' : ''}${size / dayNs} ${clock.map(two).join(':')}.${fraction}`;
}

/** `2-7`: years and months. */
export function monthsText(months: number): string {
  const size = Math.abs(months);
  return `${months < 0 ? '-' : ''}${Math.floor(size / 12)}-${size % 12}`;
}
