import type { CellComponent, ListState } from './component.ts';
import { DistinctSketch } from './distinct-sketch.ts';
import { edge } from './edge.ts';
import { extreme } from './extreme.ts';
import { fractions } from './fractions.ts';
import { moments } from './moments.ts';
import { PointList } from './point-list.ts';
import { QuantileBins } from './quantile-bins.ts';
import { sum } from './sum.ts';

/** What is kept in cells, a fixed number for each. */
export const cellComponents = {
  sum,
  min: extreme('min'),
  max: extreme('max'),
  moments,
  first: edge('first'),
  last: edge('last'),
  fractions,
} satisfies Record<string, CellComponent>;

/** What grows; made anew for each row. */
export const listComponents = {
  points: () => new PointList('count'),
  bins: () => new QuantileBins(),
  distinct: () => new DistinctSketch(),
} satisfies Record<string, () => ListState>;

/** Names what is kept in cells. */
export type CellName = keyof typeof cellComponents;
/** Names what is kept in lists. */
export type ListName = keyof typeof listComponents;
