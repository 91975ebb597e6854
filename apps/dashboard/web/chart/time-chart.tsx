import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { formatNumber, formatTime, isUtc } from '../lib/format.ts';
import { showSpan, type Span } from '../lib/range.ts';
import { colour, themeChanges } from '../lib/theme.ts';
import { valueRange, type ChartData } from './chart-data.ts';
import { drawChart } from './draw-chart.ts';

/** Position of the pointer, for the card that follows it. */
export interface Pointed {
  readonly timeMs: number;
  readonly left: number;
  readonly top: number;
}

interface ChartProps {
  readonly data: ChartData;
  readonly label: string;
  readonly height: number;
  readonly onPoint?: ((pointed: Pointed | null) => void) | undefined;
  readonly canZoom?: boolean | undefined;
}

/** All charts share one crosshair. */
const crosshair = 'highwater';

/** Space for the numbers next to the plot. Marks below it start at the same place. */
export const axisWidth = 58;

/** Space for half of a time label at the end. */
export const endWidth = 24;

/**
 * A chart over time: drag to zoom, double-click to go back, use the arrow keys to move the
 * crosshair.
 */
export function TimeChart({ data, label, height, onPoint, canZoom = true }: ChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const shown = useRef<{ plot: uPlot; data: ChartData } | null>(null);
  const listener = useRef(onPoint);
  listener.current = onPoint;
  const look = `${isUtc.value} ${themeChanges.value} ${height}`;

  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const state = { plot: undefined as unknown as uPlot, data };
    state.plot = createPlot(element, {
      height,
      canZoom,
      read: () => state.data,
      point: (pointed) => listener.current?.(pointed),
    });
    shown.current = state;
    const resize = new ResizeObserver(() => {
      if (element.clientWidth > 0) state.plot.setSize({ width: element.clientWidth, height });
    });
    resize.observe(element);
    return () => {
      resize.disconnect();
      state.plot.destroy();
      shown.current = null;
    };
  }, [look, canZoom]);

  useEffect(() => {
    if (shown.current) show(shown.current, data);
  }, [data]);

  return (
    <div
      ref={holder}
      class="chart"
      role="img"
      aria-label={label}
      tabIndex={0}
      onKeyDown={(event) => moveCrosshair(event, shown.current?.plot)}
    />
  );
}

function show(state: { plot: uPlot; data: ChartData }, data: ChartData): void {
  state.data = data;
  const { fromMs, toMs } = data.span;
  state.plot.batch(() => {
    state.plot.setData(
      [
        [fromMs / 1000, toMs / 1000],
        [null, null],
      ],
      false,
    );
    state.plot.setScale('x', { min: fromMs / 1000, max: toMs / 1000 });
  });
}

function createPlot(
  element: HTMLElement,
  {
    height,
    canZoom,
    read,
    point,
  }: {
    readonly height: number;
    readonly canZoom: boolean;
    readonly read: () => ChartData;
    readonly point: (pointed: Pointed | null) => void;
  },
): uPlot {
  const { fromMs, toMs } = read().span;
  const axis = {
    stroke: colour('muted'),
    font: '11px Inter, system-ui, sans-serif',
    grid: { stroke: colour('grid'), width: 1 },
    ticks: { stroke: colour('grid'), width: 1, size: 5 },
  };
  return new uPlot(
    {
      width: Math.max(100, element.clientWidth),
      height,
      ms: 1e-3,
      tzDate: (seconds) =>
        isUtc.peek() ? uPlot.tzDate(new Date(seconds * 1e3), 'Etc/UTC') : new Date(seconds * 1e3),
      legend: { show: false },
      padding: [10, endWidth, 0, 0],
      scales: {
        x: { time: true, range: (_plot, min, max) => [min, max] },
        y: { range: (plot) => yRange(plot, read()) },
      },
      series: [{}, { paths: () => null, points: { show: false } }],
      axes: [
        {
          ...axis,
          size: 30,
          space: 72,
          values: (_plot, splits, _axis, _space, step) => splits.map(timeLabel(step)),
        },
        { ...axis, size: axisWidth, values: (_plot, splits) => splits.map(formatNumber) },
      ],
      cursor: {
        sync: { key: crosshair },
        points: { show: false },
        drag: { x: canZoom, y: false, setScale: false },
        y: false,
        bind: { dblclick: () => null },
      },
      hooks: {
        draw: [(plot) => drawChart(plot, read())],
        setCursor: [(plot) => point(pointedAt(plot))],
        setSelect: [(plot) => zoomTo(plot)],
        ready: [(plot) => plot.over.addEventListener('dblclick', () => canZoom && history.back())],
      },
    },
    [
      [fromMs / 1000, toMs / 1000],
      [null, null],
    ],
    element,
  );
}

function yRange(plot: uPlot, data: ChartData): uPlot.Range.MinMax {
  const { min, max } = plot.scales['x'] ?? {};
  const span: Span =
    min === undefined || max === undefined || min === null || max === null
      ? data.span
      : { fromMs: min * 1000, toMs: max * 1000 };
  const [low, high] = valueRange(data, span) ?? valueRange(data, data.span) ?? [0, 1];
  return [low, high];
}

function timeLabel(stepSeconds: number): (seconds: number) => string {
  return (seconds) => {
    const text = formatTime(seconds * 1000);
    if (stepSeconds >= 86_400) return text.slice(5, 10);
    const clock = text.slice(11);
    if (stepSeconds < 1)
      return `${clock.slice(3)}.${String(Math.round((seconds % 1) * 1000)).padStart(3, '0')}`;
    return stepSeconds >= 60 ? clock.slice(0, 5) : clock;
  };
}

function pointedAt(plot: uPlot): Pointed | null {
  const { left = -1, top = -1 } = plot.cursor;
  if (left < 0) return null;
  return { timeMs: plot.posToVal(left, 'x') * 1000, left: left + plot.over.offsetLeft, top };
}

/** Redraws the existing data immediately, and finer data when the answer arrives. */
function zoomTo(plot: uPlot): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  const from = plot.posToVal(left, 'x');
  const to = plot.posToVal(left + width, 'x');
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  plot.setScale('x', { min: from, max: to });
  showSpan({ fromMs: from * 1000, toMs: to * 1000 });
}

function moveCrosshair(event: KeyboardEvent, plot: uPlot | undefined): void {
  const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
  if (step === 0 || !plot || event.ctrlKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  const width = plot.over.clientWidth;
  const { left = -1 } = plot.cursor;
  const at =
    left < 0 ? width / 2 : left + step * Math.max(1, width / 100) * (event.shiftKey ? 5 : 1);
  plot.setCursor({ left: Math.min(width, Math.max(0, at)), top: 20 });
}
