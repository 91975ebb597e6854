/**
 * The environment for a child process: the environment of this process without the Highwater and
 * AWS settings, which may be meant only for the parent, plus the given variables.
 */
export function childEnvironment(
  settings: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || /^(HW|AWS)_/.test(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(inherited), ...settings };
}
