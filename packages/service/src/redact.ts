/** Replaces a secret in logs and messages. */
const redacted = '***';

/** Matches names of settings (`HW_STORE_PASSWORD`) and of members (`secretAccessKey`). */
const secretName = /secret|password|token|credential|access_?key|authorization/i;
const urlPassword = /(:\/\/[^/\s:@]*:)[^/\s@]+@/g;
/** Nothing that Highwater logs is nested deeper. */
const depthMax = 6;

/**
 * Makes a value safe to show. Removes values whose names say that they are secret, and passwords in
 * URLs, also inside objects and lists.
 */
export function redact(name: string, value: unknown): unknown {
  return redactWithin(name, value, 0);
}

/** Makes a logged value safe to show. */
export function redactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactMembers(fields, 0);
}

function redactWithin(name: string, value: unknown, depth: number): unknown {
  if (secretName.test(name) && value !== undefined && typeof value !== 'number') return redacted;
  if (typeof value === 'string') return value.replace(urlPassword, `$1${redacted}@`);
  if (typeof value !== 'object' || value === null || depth > depthMax) return value;
  if (Array.isArray(value)) return value.map((item) => redactWithin('', item, depth + 1));
  return isPlain(value) ? redactMembers(value, depth + 1) : value;
}

function redactMembers(
  members: Readonly<Record<string, unknown>>,
  depth: number,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, redactWithin(name, value, depth)]),
  );
}

/** Errors and similar objects are described elsewhere. */
function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
