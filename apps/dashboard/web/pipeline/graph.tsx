import type { EdgeState, PipelineState } from '../../src/contract.ts';
import { formatCount } from '../lib/format.ts';
import { isNarrow } from '../lib/narrow.ts';
import {
  acrossLayout,
  downLayout,
  nodeHeight,
  nodeWidth,
  type GraphLayout,
  type GraphNode,
} from './graph-layout.ts';
import { tooLateOf } from './too-late.ts';

/** The services as a graph, with the current flow on its edges. */
export function Graph({ state }: { readonly state: PipelineState }) {
  const layout = isNarrow.value ? downLayout : acrossLayout;
  return (
    <div class="scroll flow" tabIndex={0} role="region" aria-label="Flow between services">
      <svg
        class="graph"
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        role="img"
        aria-label={inWords(state)}
      >
        {state.edges.map((edge) => (
          <Edge key={`${edge.from} ${edge.to}`} edge={edge} layout={layout} />
        ))}
        {layout.nodes.map((place) => (
          <Node key={place.id} place={place} state={state} late={layout.late[place.id]} />
        ))}
      </svg>
    </div>
  );
}

function Node({
  place,
  state,
  late: latePlace = [0, 0],
}: {
  readonly place: GraphNode;
  readonly state: PipelineState;
  readonly late: readonly [dx: number, dy: number] | undefined;
}) {
  const own = state.instances.filter(({ service }) => service === place.id);
  const upCount = own.filter(({ isUp }) => isUp).length;
  const health =
    own.length === 0 ? 'none' : upCount === own.length ? 'up' : upCount > 0 ? 'busy' : 'down';
  const late = lateOf(place, state);
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
      {late !== null && (
        <text class="late" x={nodeWidth / 2 + latePlace[0]} y={nodeHeight / 2 + latePlace[1]}>
          {late}
        </text>
      )}
    </g>
  );
}

function noteOf(place: GraphNode, state: PipelineState, count: number, upCount: number): string {
  if (place.kind === 'store') return 'rows and versions';
  if (place.kind === 'service') {
    if (count === 0) return 'not monitored';
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

/** The role of late points in a service. */
function lateOf({ id }: GraphNode, { totals }: PipelineState): string | null {
  if (id === 'aggregator' && totals.refined !== null) {
    return `${formatCount(totals.refined)} late, ${formatCount(tooLateOf(totals))} too late`;
  }
  if (id === 'upsert-writer' && totals.corrected !== null) {
    return `${formatCount(totals.corrected)} rows corrected`;
  }
  return null;
}

function Edge({ edge, layout }: { readonly edge: EdgeState; readonly layout: GraphLayout }) {
  const from = layout.nodes.find(({ id }) => id === edge.from);
  const to = layout.nodes.find(({ id }) => id === edge.to);
  if (!from || !to) return null;
  const [x1, y1, x2, y2] = layout.isDownward
    ? [from.x, from.y + nodeHeight / 2, to.x, to.y - nodeHeight / 2]
    : [from.x + nodeWidth / 2, from.y, to.x - nodeWidth / 2, to.y];
  const [middleX, middleY] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const [dx, dy] = layout.labels[`${edge.from} ${edge.to}`] ?? [0, 0];
  const isFlowing = (edge.perSecond ?? 0) > 0;
  return (
    <g class="edge" data-flowing={isFlowing || undefined}>
      <path
        d={
          layout.isDownward
            ? `M${x1} ${y1}C${x1} ${middleY} ${x2} ${middleY} ${x2} ${y2 - 6}`
            : `M${x1} ${y1}C${middleX} ${y1} ${middleX} ${y2} ${x2 - 6} ${y2}`
        }
      />
      <path
        class="tip"
        d={layout.isDownward ? `M${x2 - 4} ${y2 - 8}l4 7 4-7z` : `M${x2 - 8} ${y2 - 4}l7 4-7 4z`}
      />
      <text x={middleX + dx} y={middleY + dy}>
        {rateText(edge.perSecond)}
        <tspan class="note" x={middleX + dx} dy={y1 === y2 ? 22 : 12}>
          {edge.unit}/s
        </tspan>
      </text>
    </g>
  );
}

function rateText(perSecond: number | null): string {
  if (perSecond === null) return '…';
  return formatCount(perSecond >= 100 ? Math.round(perSecond) : perSecond);
}

function inWords({ edges }: PipelineState): string {
  return edges
    .map(
      ({ from, to, unit, perSecond }) =>
        `${from} to ${to}: ${formatCount(perSecond)} ${unit} per second`,
    )
    .join('; ');
}
