import { sortDimensions, type Dimension } from '@highwater/model';
import type { ViewDefinition } from '../view-schema.ts';
import { commonText, globPattern, someText, type TextPattern } from './text-pattern.ts';

/** The settings that decide which dimensions the rows of a view have. */
export type GroupingView = Pick<ViewDefinition, 'match' | 'groupBy'>;

/** Dimensions that rows of both views have, and the dimensions of two points that lead to them. */
export interface CommonDimensions {
  readonly row: readonly Dimension[];
  readonly points: readonly [readonly Dimension[], readonly Dimension[]];
}

/** The condition of a view on one dimension. */
interface Role {
  /** Whether its rows have the dimension, where the points have it. */
  readonly isKept: boolean;
  readonly isListed: boolean;
  /** The values that its points must have one of; undefined when they may also lack it. */
  readonly demanded: readonly TextPattern[] | undefined;
}

/** Represents a dimension that neither view mentions. */
const exampleNames = ['host', 'site', 'device'];
const exampleValue = 'x';

/**
 * Dimensions that rows of two views could both have. Dimensions are independent of each other, so
 * each is checked separately. It distinguishes the rows if one view requires it and keeps it, and the
 * other does not keep it or requires other values.
 *
 * The bounds of the window, which every row has as dimensions too, are another question.
 */
export function commonDimensions(a: GroupingView, b: GroupingView): CommonDimensions | undefined {
  const names = [...mentioned(a), ...mentioned(b)];
  const fresh = exampleNames.find((name) => !names.includes(name)) ?? unlike(names);
  const row: Dimension[] = [];
  const ofA: Dimension[] = [];
  const ofB: Dimension[] = [];
  for (const name of new Set([...names, fresh])) {
    const [left, right] = [roleIn(a, name), roleIn(b, name)];
    const shared = commonValue(left.demanded, right.demanded);
    if (left.isKept && right.isKept) {
      if (shared === undefined) return undefined;
      const isWanted = left.demanded ?? right.demanded ?? (left.isListed || right.isListed);
      if (isWanted || name === fresh) row.push({ name, value: shared });
      continue;
    }
    if ((left.isKept && left.demanded) || (right.isKept && right.demanded)) return undefined;
    // Neither row has it. Where both may, the points have one value, so that they are one point.
    const isFree = !left.isKept && !right.isKept && (left.demanded ?? right.demanded);
    const valueOf = ({ demanded }: Role) =>
      (isFree ? shared : undefined) ?? (demanded && commonValue(demanded, undefined));
    const [valueOfA, valueOfB] = [valueOf(left), valueOf(right)];
    if (valueOfA !== undefined) ofA.push({ name, value: valueOfA });
    if (valueOfB !== undefined) ofB.push({ name, value: valueOfB });
  }
  // A point has at least one dimension. If its row has none, the row drops the dimension of the
  // point.
  const isDropped = (view: GroupingView) => (name: string) => !roleIn(view, name).isKept;
  const all = [...names, fresh];
  const ofBoth = all.filter(isDropped(a)).find(isDropped(b));
  for (const [view, own] of [[a, ofA] as const, [b, ofB] as const]) {
    const name = ofBoth ?? all.find(isDropped(view));
    if (row.length + own.length === 0 && name) own.push({ name, value: exampleValue });
  }
  return {
    row: sortDimensions([...row]),
    points: [sortDimensions([...row, ...ofA]), sortDimensions([...row, ...ofB])],
  };
}

function mentioned({ match, groupBy }: GroupingView): readonly string[] {
  const grouped = groupBy === 'all' ? [] : 'except' in groupBy ? groupBy.except : groupBy;
  return [...Object.keys(match.where ?? {}), ...grouped];
}

function unlike(names: readonly string[]): string {
  return `${names.toSorted((a, b) => b.length - a.length)[0] ?? ''}x`;
}

function roleIn({ match, groupBy }: GroupingView, name: string): Role {
  const where = match.where ?? {};
  const isListed = groupBy !== 'all' && !('except' in groupBy) && groupBy.includes(name);
  const isLeft = groupBy !== 'all' && 'except' in groupBy && groupBy.except.includes(name);
  const isList = groupBy !== 'all' && !('except' in groupBy);
  return {
    isKept: isList ? isListed : !isLeft,
    isListed,
    demanded: Object.hasOwn(where, name) ? where[name]?.map(globPattern) : undefined,
  };
}

/** A value that both demand, or may have. */
function commonValue(a: Role['demanded'], b: Role['demanded']): string | undefined {
  for (const left of a ?? [someText]) {
    for (const right of b ?? [someText]) {
      const value = commonText(left, right);
      if (value !== undefined) return value;
    }
  }
  return undefined;
}
