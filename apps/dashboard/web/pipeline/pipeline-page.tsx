import { useEffect } from 'preact/hooks';
import type { PipelineReply, PipelineState } from '../../src/contract.ts';
import { ask } from '../lib/api.ts';
import { formatClock, formatCount } from '../lib/format.ts';
import { pipeline } from '../lib/live.ts';
import { Notice } from '../parts/notice.tsx';
import { Panel } from '../parts/panel.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { Graph } from './graph.tsx';
import { Instances } from './instances.tsx';
import { Shards } from './shards.tsx';
import { Sparkline } from './sparkline.tsx';
import { tooLateOf } from './too-late.ts';

/** The services, the flow between them, and the dead letters. */
export function PipelinePage() {
  useEffect(() => {
    // The live connection sends new data. This is the data before that.
    ask<PipelineReply>('pipeline', undefined)
      .then((reply) => {
        pipeline.value = reply;
      })
      .catch(() => undefined);
  }, []);
  const { state } = pipeline.value;
  return (
    <div class="page">
      {!state && <Notice kind="loading" title="Loading the state of the services…" />}
      {state?.source === 'none' && (
        <Notice kind="empty" title="No services configured">
          To show the pipeline here, set HW_DASHBOARD_SERVICES or HW_PROMETHEUS_URL.
        </Notice>
      )}
      {state?.problem && (
        <p class="banner" role="alert">
          {state.problem}
        </p>
      )}
      {state && state.source !== 'none' && <Whole state={state} />}
      <DeadLetters />
    </div>
  );
}

function Whole({ state }: { readonly state: PipelineState }) {
  const { history } = pipeline.value;
  const { totals } = state;
  const tooLate = tooLateOf(totals);
  return (
    <>
      <Panel
        title="Flow"
        facts={`${state.source === 'prometheus' ? 'from Prometheus' : 'from the services'} · ${formatClock(state.atMs)}`}
      >
        <Graph state={state} />
      </Panel>
      <div class="figures">
        <Sparkline name="Points stored" unit="/s" history={history} field="pointsPerSecond" />
        <Sparkline name="Rows upserted" unit="/s" history={history} field="rowsPerSecond" />
        <Sparkline
          name="Behind the newest record"
          unit="s"
          history={history}
          field="behindLatestSeconds"
        />
        <Sparkline
          name="Watermark behind now"
          unit="s"
          history={history}
          field="watermarkLagSeconds"
        />
        <div class="figure">
          <span>Late but included</span>
          <strong>{formatCount(totals.refined)}</strong>
          <small>{formatCount(totals.corrected)} rows corrected</small>
        </div>
        <div class="figure" data-alert={(tooLate ?? 0) > 0 || undefined}>
          <span>Too late</span>
          <strong>{formatCount(tooLate)}</strong>
          <small>
            {formatCount(totals.tooLate)} missed all windows, {formatCount(totals.partlyTooLate)}{' '}
            missed some
          </small>
        </div>
      </div>
      <div class="split even">
        <Shards shards={state.shards} atMs={state.atMs} />
        <Instances instances={state.instances} />
      </div>
    </>
  );
}
