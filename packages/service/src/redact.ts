/** What stands in for a secret in logs and messages. */
const redacted = '***';

const secretName = /SECRET|PASSWORD|TOKEN|CREDENTIAL|ACCESS_KEY/;
const urlPassword = /(:\/\/[^/\s:@]*:)[^/\s@]+@/g;

/**
 * Makes one setting safe to show: secrets by name vanish, and so does the password inside a URL.
 */
export function redactSetting(name: string, value: unknown): unknown {
  if (secretName.test(name) && value !== undefined) return redacted;
  return typeof value === 'string' ? value.replace(urlPassword, `$1${redacted}@`) : value;
}

/** Makes a whole configuration safe to log. */
export function redactConfig(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, redactSetting(name, value)]),
  );
}
