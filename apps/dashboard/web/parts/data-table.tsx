import type { ComponentChildren } from 'preact';

/** The heading of a column. */
export interface Column {
  readonly name: string;
  /** Its cells are right-aligned, so that digits line up. */
  readonly isNumber?: boolean | undefined;
  /** In small letters under the name. */
  readonly note?: string | undefined;
  /** Shown on hover. */
  readonly title?: string | undefined;
}

/** A table that scrolls if it is larger than its place. Its rows are the children. */
export function DataTable({
  label,
  columns,
  kind,
  isTall,
  footnote,
  children,
}: {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly kind?: string | undefined;
  readonly isTall?: boolean | undefined;
  readonly footnote?: string | undefined;
  readonly children: ComponentChildren;
}) {
  return (
    <div class={isTall ? 'scroll tall' : 'scroll'} tabIndex={0} role="region" aria-label={label}>
      <table class={kind}>
        <thead>
          <tr>
            {columns.map(({ name, isNumber, note, title }, index) => (
              <th key={index} scope="col" class={isNumber ? 'number' : undefined} title={title}>
                {name}
                {note !== undefined && <span class="sub">{note}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
      {footnote !== undefined && <p class="muted">{footnote}</p>}
    </div>
  );
}
