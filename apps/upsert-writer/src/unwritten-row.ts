import type { WindowPartial } from '@highwater/model';
import type { ViewRow } from '@highwater/windowing';
import type { RowRefusal } from './write-rows.ts';

/** What a row is of, as its partials name it. */
export type RowName = Pick<WindowPartial, 'view' | 'revision' | 'startMs' | 'endMs'>;

/** What is set aside of a row that was joined and is not written: what each source contributed. */
export function unwrittenRow(name: RowName, { series, partials }: ViewRow): RowRefusal['payload'] {
  return new TextEncoder().encode(JSON.stringify({ ...name, series, partials }));
}
