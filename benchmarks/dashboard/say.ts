/** Prints one figure. */
export function say(what: string, value: number, unit: string): void {
  process.stdout.write(`${what.padEnd(56)} ${value.toFixed(1).padStart(8)} ${unit}\n`);
}
