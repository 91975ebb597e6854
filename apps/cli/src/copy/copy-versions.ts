import { copiedVersion, type Row, type StoredRow, type StoreTable } from '@highwater/model';
import type { View } from '@highwater/windowing';

/** Gives rows from an engine that returns no versions a version, so that they can be written. */
export type AddVersion = (row: StoredRow, table: StoreTable, copiedAtSeconds: number) => Row;

/**
 * Versions that lose to every row that the services write from points later, and win over what was
 * copied earlier: see `copiedVersion`. The version of a raw point is the arrival time of its record in
 * ms, and that of a correction is the version of the corrected row. Both are unknown here, and seconds
 * are lower than either. A known version stays.
 *
 * @param views those of the services, for their revisions
 */
export function addVersions(views: readonly View[]): AddVersion {
  const revisions = new Map<string, number>();
  const revisionOf = (measureName: string) => {
    const known = revisions.get(measureName);
    if (known !== undefined) return known;
    const found = lowestRevision(views, measureName);
    revisions.set(measureName, found);
    return found;
  };
  return (row, table, copiedAtSeconds) => {
    const { version, ...rest } = row;
    if (version !== undefined) return { ...rest, version };
    if (table !== 'views') return { ...rest, version: copiedAtSeconds };
    const viewRevision = revisionOf(row.measureName);
    const isFilled = (row.attributes ?? []).some(
      ({ name, value }) => name === 'interpolated' && value !== 'none',
    );
    return { ...rest, version: copiedVersion({ viewRevision, isFilled, copiedAtSeconds }) };
  };
}

/** Of all views that may have written rows of this measure; no view replaces the rows of another. */
function lowestRevision(views: readonly View[], measureName: string): number {
  const revisions = views
    .filter((view) => writesMeasure(view, measureName))
    .map(({ revision }) => revision);
  return revisions.length === 0 ? 0 : Math.min(...revisions);
}

function writesMeasure(view: View, measureName: string): boolean {
  return view.aggregates.some((aggregate) => {
    // The template may have the measure anywhere, once or several times, or not at all.
    const [before = '', ...others] = view.measureName(aggregate, '\0').split('\0');
    const after = others.at(-1);
    if (after === undefined) return measureName === before;
    return (
      measureName.length > before.length + after.length &&
      measureName.startsWith(before) &&
      measureName.endsWith(after)
    );
  });
}
