/** A row of the table. A store that is not one of the services has only an address. */
export interface ShownService {
  readonly name: string;
  readonly apiUrl?: string | undefined;
  readonly opsUrl?: string | undefined;
  readonly logFile?: string | undefined;
}

/** On narrower terminals, the table would wrap, so one sentence names the log files instead. */
const wideColumnsMin = 110;

/** Renders what runs where. */
export function renderServiceTable(
  services: readonly ShownService[],
  columnsMax: number,
): readonly string[] {
  const isWide = columnsMax >= wideColumnsMin;
  const head = ['service', 'address', 'health and metrics', ...(isWide ? ['log'] : [])];
  const rows = services.map(({ name, apiUrl = '', opsUrl, logFile = '' }) => [
    name,
    apiUrl,
    opsUrl === undefined ? '' : `${opsUrl}/metrics`,
    ...(isWide ? [logFile] : []),
  ]);
  const table = align([head, ...rows]);
  const logs = services[0]?.logFile?.replace(services[0].name, '<service>');
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
