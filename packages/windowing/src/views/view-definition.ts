import { ViewChangedError } from '../errors.ts';
import type { View } from './view.ts';

/** The computation of a view when a state was saved. */
export interface SavedDefinition {
  readonly name: string;
  readonly revision: number;
  readonly definition: string;
}

/**
 * Ensures that all rows of one view and revision have the same meaning.
 *
 * @throws {ViewChangedError} when the view has the saved name and revision, but another computation
 */
export function assertSameDefinition(view: View, saved: SavedDefinition): void {
  const isOther = view.name !== saved.name || view.revision !== saved.revision;
  if (isOther || view.definition === saved.definition) return;
  throw new ViewChangedError(view, saved.definition);
}
