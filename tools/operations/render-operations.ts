import { apiOperations, type Api } from './api-operations.ts';
import { motoOperations, motoVersion } from './moto-operations.ts';
import type { Server } from './servers.ts';

const start = '<!-- operations -->';
const end = '<!-- end of operations -->';
const columnsMax = 140;

/** Puts the comparison into a README, in place of the existing one. */
export function withOperations(readme: string, server: Server): string {
  const [before, rest] = splitOnce(readme, start);
  const [, after] = splitOnce(rest, end);
  return `${before}${start}\n\n${renderOperations(server)}\n\n${end}${after}`;
}

/** How many operations of its APIs a server has, how many moto has, and which only one has. */
function renderOperations(server: Server): string {
  const header = ['API', 'operations', server.name, `moto ${motoVersion}`];
  const rows = server.apis.map((api) => {
    const all = apiOperations[api];
    const served = all.filter((operation) => server.serves(operation));
    return [api, ...[all, served, motoOperations[api]].map(({ length }) => String(length))];
  });
  const lists = server.apis.flatMap((api) => listsOf(api, server));
  return [renderTable([header, ...rows]), '', ...lists].join('\n');
}

function listsOf(api: Api, { name, apis, serves }: Server): readonly string[] {
  const inMoto = (operation: string) => motoOperations[api].includes(operation);
  const prefix = apis.length > 1 ? `${api}, ` : '';
  const groups = [
    { where: `only in ${name}`, has: [true, false] },
    { where: 'only in moto', has: [false, true] },
    { where: 'in neither', has: [false, false] },
  ];
  return groups.flatMap(({ where, has: [here, there] }) => {
    const names = apiOperations[api].filter(
      (operation) => serves(operation) === here && inMoto(operation) === there,
    );
    return names.length === 0 ? [] : wrap(`- **${prefix}${where}**: ${names.join(', ')}`);
  });
}

function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columnsMax) {
      lines.push(line);
      line = ` `;
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** As Prettier writes it: the columns aligned. */
function renderTable(rows: readonly (readonly string[])[]): string {
  const [header = []] = rows;
  const widths = header.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | '));
  const rule = widths.map((width) => '-'.repeat(width)).join(' | ');
  return lines
    .toSpliced(1, 0, rule)
    .map((line) => `| ${line} |`)
    .join('\n');
}

function splitOnce(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`the README has no ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
