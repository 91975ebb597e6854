import type { RunningService } from './stack.ts';

/** Below this width the table wraps; then the log files are told in one sentence instead. */
const wideColumnsMin = 110;

/** Renders what runs where. */
export function renderServiceTable(
  services: readonly RunningService[],
  columnsMax: number,
): readonly string[] {
  const isWide = columnsMax >= wideColumnsMin;
  const head = ['service', 'address', 'health and metrics', ...(isWide ? ['log'] : [])];
  const rows = services.map(({ name, apiUrl = '', opsUrl, logFile }) => [
    name,
    apiUrl,
    `${opsUrl}/metrics`,
    ...(isWide ? [logFile] : []),
  ]);
  const table = align([head, ...rows]);
  const logs = services[0]?.logFile.replace(services[0].name, '<service>');
  return isWide || logs === undefined ? table : [...table, '', `Logs: ${logs}`];
}

function align(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
