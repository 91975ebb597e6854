/**
 * The environment for a child process: this one's, without our settings and AWS's, which may be meant
 * for the parent alone, and with those given.
 */
export function childEnvironment(
  settings: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || /^(HW|AWS)_/.test(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(inherited), ...settings };
}
