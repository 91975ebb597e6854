import type { EdgeState, PipelineState } from '../../src/contract.ts';
import { formatCount } from '../lib/format.ts';

interface Place {
  readonly id: string;
  readonly name: string;
  readonly kind: 'service' | 'stream' | 'store';
  readonly x: number;
  readonly y: number;
}

const nodeWidth = 128;
const nodeHeight = 52;

const places: readonly Place[] = [
  { id: 'generator', name: 'generator', kind: 'service', x: 70, y: 120 },
  { id: 'raw', name: 'raw stream', kind: 'stream', x: 262, y: 120 },
  { id: 'raw-writer', name: 'raw-writer', kind: 'service', x: 560, y: 48 },
  { id: 'aggregator', name: 'aggregator', kind: 'service', x: 454, y: 192 },
  { id: 'results', name: 'results stream', kind: 'stream', x: 644, y: 192 },
  { id: 'upsert-writer', name: 'upsert-writer', kind: 'service', x: 834, y: 192 },
  { id: 'store', name: 'store', kind: 'store', x: 1016, y: 120 },
];

/** The services as a graph, with what flows on its edges now. */
export function Graph({ state }: { readonly state: PipelineState }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Flow between services">
      <svg class="graph" viewBox="0 0 1090 244" role="img" aria-label={inWords(state)}>
        {state.edges.map((edge) => (
          <Edge key={`${edge.from} ${edge.to}`} edge={edge} />
        ))}
        {places.map((place) => (
          <Node key={place.id} place={place} state={state} />
        ))}
      </svg>
    </div>
  );
}

function Node({ place, state }: { readonly place: Place; readonly state: PipelineState }) {
  const own = state.instances.filter(({ service }) => service === place.id);
  const upCount = own.filter(({ isUp }) => isUp).length;
  const health =
    own.length === 0 ? 'none' : upCount === own.length ? 'up' : upCount > 0 ? 'busy' : 'down';
  return (
    <g
      class="node"
      data-kind={place.kind}
      data-health={place.kind === 'service' ? health : 'up'}
      transform={`translate(${place.x - nodeWidth / 2} ${place.y - nodeHeight / 2})`}
    >
      <rect width={nodeWidth} height={nodeHeight} rx={place.kind === 'stream' ? 26 : 10} />
      <text x={nodeWidth / 2} y={23}>
        {place.name}
      </text>
      <text class="note" x={nodeWidth / 2} y={40}>
        {noteOf(place, state, own.length, upCount)}
      </text>
    </g>
  );
}

function noteOf(place: Place, state: PipelineState, count: number, upCount: number): string {
  if (place.kind === 'store') return 'rows and versions';
  if (place.kind === 'service') {
    if (count === 0) return 'not watched';
    return upCount === count
      ? count === 1
        ? 'running'
        : `${count} running`
      : `${upCount} of ${count} running`;
  }
  const reader = place.id === 'raw' ? 'aggregator' : 'upsert-writer';
  const shards = state.shards.filter(({ service }) => service === reader);
  const behind = Math.max(0, ...shards.map(({ behindLatestSeconds }) => behindLatestSeconds ?? 0));
  return `${shards.length} shards · ${behind < 1 ? 'caught up' : `${Math.round(behind)} s behind`}`;
}

function Edge({ edge }: { readonly edge: EdgeState }) {
  const from = places.find(({ id }) => id === edge.from);
  const to = places.find(({ id }) => id === edge.to);
  if (!from || !to) return null;
  const x1 = from.x + nodeWidth / 2;
  const x2 = to.x - nodeWidth / 2;
  const middle = (x1 + x2) / 2;
  const isFlowing = (edge.perSecond ?? 0) > 0;
  return (
    <g class="edge" data-flowing={isFlowing || undefined}>
      <path d={`M${x1} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${x2 - 6} ${to.y}`} />
      <path class="tip" d={`M${x2 - 8} ${to.y - 4}l7 4-7 4z`} />
      <text x={middle} y={labelY(from, to)}>
        {edge.perSecond === null ? '…' : formatCount(edge.perSecond)}
        <tspan class="note">/s</tspan>
      </text>
    </g>
  );
}

function labelY(from: Place, to: Place): number {
  return (from.y + to.y) / 2 + (from.y === to.y ? -8 : to.y < from.y ? -14 : 24);
}

function inWords({ edges }: PipelineState): string {
  return edges
    .map(
      ({ from, to, unit, perSecond }) =>
        `${from} to ${to}: ${formatCount(perSecond)} ${unit} a second`,
    )
    .join('; ');
}
