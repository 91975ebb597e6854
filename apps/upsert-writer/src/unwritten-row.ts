import type { WindowPartial } from '@highwater/model';
import type { ViewRow } from '@highwater/windowing';
import type { RowRefusal } from './write-rows.ts';

/** The identity of a row, as its partials name it. */
export type RowName = Pick<WindowPartial, 'view' | 'revision' | 'startMs' | 'endMs'>;

/** The dead letter of a joined row that is not written: the contributions of each source. */
export function unwrittenRow(name: RowName, { series, partials }: ViewRow): RowRefusal['payload'] {
  return new TextEncoder().encode(JSON.stringify({ ...name, series, partials }));
}
