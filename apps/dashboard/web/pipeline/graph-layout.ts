/** A service, a stream, or the store, by its center. */
export interface GraphNode {
  readonly id: string;
  readonly name: string;
  readonly kind: 'service' | 'stream' | 'store';
  readonly x: number;
  readonly y: number;
}

/** Positions of all parts, and the direction of the flow. */
export interface GraphLayout {
  readonly isDownward: boolean;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly GraphNode[];
  /** Position of an edge's number, relative to the edge's middle. */
  readonly labels: Readonly<Record<string, readonly [dx: number, dy: number]>>;
  /** Position of a service's late points, relative to its center. */
  readonly late: Readonly<Record<string, readonly [dx: number, dy: number]>>;
}

export const nodeWidth = 132;
export const nodeHeight = 52;

const node = (id: string, kind: GraphNode['kind'], [x, y]: readonly [number, number]) => ({
  id,
  kind,
  name: kind === 'stream' ? `${id} stream` : id,
  x,
  y,
});

/** From left to right. */
export const acrossLayout: GraphLayout = {
  isDownward: false,
  width: 1130,
  height: 250,
  nodes: [
    node('generator', 'service', [72, 120]),
    node('raw', 'stream', [276, 120]),
    node('raw-writer', 'service', [575, 46]),
    node('aggregator', 'service', [476, 192]),
    node('results', 'stream', [678, 192]),
    node('upsert-writer', 'service', [880, 192]),
    node('store', 'store', [1058, 120]),
  ],
  labels: {
    'generator raw': [0, -9],
    'raw raw-writer': [-34, -14],
    'raw-writer store': [34, -14],
    'raw aggregator': [-30, 20],
    'aggregator results': [0, -9],
    'results upsert-writer': [0, -9],
    'upsert-writer store': [32, 14],
  },
  late: { aggregator: [0, 42], 'upsert-writer': [0, 42] },
};

/** From top to bottom, for a phone. */
export const downLayout: GraphLayout = {
  isDownward: true,
  width: 350,
  height: 600,
  nodes: [
    node('generator', 'service', [175, 34]),
    node('raw', 'stream', [175, 136]),
    node('raw-writer', 'service', [76, 340]),
    node('aggregator', 'service', [272, 240]),
    node('results', 'stream', [272, 352]),
    node('upsert-writer', 'service', [272, 454]),
    node('store', 'store', [175, 566]),
  ],
  labels: {
    'generator raw': [38, 4],
    'raw raw-writer': [-54, 0],
    'raw-writer store': [-36, 0],
    'raw aggregator': [70, -14],
    'aggregator results': [40, 12],
    'results upsert-writer': [40, 4],
    'upsert-writer store': [36, 16],
  },
  late: { aggregator: [-66, 42], 'upsert-writer': [-68, -34] },
};
