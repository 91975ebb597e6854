import type { CellComponent, ListState, PointsOfState } from './component.ts';
import { DistinctSketch } from './distinct-sketch.ts';
import { edge } from './edge.ts';
import { extreme } from './extreme.ts';
import { fractions } from './fractions.ts';
import { moments } from './moments.ts';
import { PointList } from './point-list.ts';
import { QuantileBins } from './quantile-bins.ts';
import { sum } from './sum.ts';

/** The components that are kept in cells, a fixed number for each. */
export const cellComponents = {
  sum,
  min: extreme('min'),
  max: extreme('max'),
  moments,
  first: edge('first'),
  last: edge('last'),
  fractions,
} satisfies Record<string, CellComponent>;

/** The components that grow; created for each row. */
export const listComponents = {
  points: () => new PointList('count'),
  bins: () => new QuantileBins(),
  distinct: () => new DistinctSketch(),
} satisfies Record<string, () => ListState>;

/** Whether the numbers of a list can be the state of such points. */
export const possibleLists = {
  bins: (encoded: readonly number[], points: PointsOfState) =>
    QuantileBins.isPossible(encoded, points),
  distinct: (encoded: readonly number[], points: PointsOfState) =>
    DistinctSketch.isPossible(encoded, points),
} satisfies Record<Exclude<keyof typeof listComponents, 'points'>, unknown>;

/** Names what is kept in cells. */
export type CellName = keyof typeof cellComponents;
/** Names what is kept in lists. */
export type ListName = keyof typeof listComponents;
