const label = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/;

/** Whether a text in lower case can be the name of a host. */
export function isHostName(text: string): boolean {
  return text.split('.').every((part) => label.test(part));
}
