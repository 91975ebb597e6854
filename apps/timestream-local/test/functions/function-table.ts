import { missingFunctions } from '../../src/functions/missing-functions.ts';
import { functionFamilies } from '../../src/functions/registry.ts';

/**
 * The table in docs/reference: every function of the registry and of the list of missing ones, by
 * family.
 */
export function functionTable(): string {
  const rows = functionFamilies.flatMap(({ title, functions }) => {
    const served = functions.map(({ name, fidelity, note = '' }) => [name, fidelity, note]);
    const missing = (missingFunctions[title] ?? []).map((name) => [name, 'missing', '']);
    const [first, ...rest] = [...served, ...missing].toSorted(byName);
    return [[title, ...(first ?? [])], ...rest.map((row) => ['', ...row])];
  });
  const lines = rows.map(([title = '', name = '', fidelity = '', note = '']) => {
    return `| ${title} | \`${name}\` | ${fidelity} | ${note} |`;
  });
  return ['| family | function | status | difference |', '| - | - | - | - |', ...lines].join('\n');
}

function byName([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a < b ? -1 : 1;
}
