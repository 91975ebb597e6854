/** Rows of a table that can be saved. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Saves a table as CSV. */
export function saveCsv(name: string, { columns, rows }: Table): void {
  const lines = [columns, ...rows].map((row) => row.map(cell).join(','));
  save(`${name}.csv`, `${lines.join('\r\n')}\r\n`, 'text/csv');
}

/** Saves a table as a list of JSON objects. */
export function saveJson(name: string, { columns, rows }: Table): void {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])),
  );
  save(`${name}.json`, JSON.stringify(objects, null, 2), 'application/json');
}

/** Keeps a text that starts like a formula from being one. */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const isFormula = /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value));
  const safe = isFormula ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function save(name: string, content: string, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
