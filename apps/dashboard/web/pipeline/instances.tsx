import type { InstanceState } from '../../src/contract.ts';
import { formatBytes, formatDuration } from '../lib/format.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Panel } from '../parts/panel.tsx';

const columns = [
  { name: 'Service' },
  { name: 'State' },
  { name: 'CPU', isNumber: true },
  { name: 'Memory', isNumber: true },
  { name: 'Uptime', isNumber: true },
];

/** Every process of the services, and its state. */
export function Instances({ instances }: { readonly instances: readonly InstanceState[] }) {
  const upCount = instances.filter(({ isUp }) => isUp).length;
  return (
    <Panel title="Processes" facts={`${upCount} of ${instances.length} up`}>
      <DataTable label="Processes" columns={columns}>
        {instances.map((each) => (
          <tr key={each.url}>
            <td>
              {each.service}
              <span class="sub">{each.url.replace(/^https?:\/\//, '')}</span>
            </td>
            <td>
              <span class="health" data-state={healthOf(each)}>
                {each.detail}
              </span>
            </td>
            <td class="number">
              {each.cpuRatio === null ? '–' : `${(each.cpuRatio * 100).toFixed(0)} %`}
            </td>
            <td class="number">{formatBytes(each.residentBytes)}</td>
            <td class="number">
              {formatDuration(each.uptimeSeconds === null ? null : each.uptimeSeconds * 1000)}
            </td>
          </tr>
        ))}
      </DataTable>
    </Panel>
  );
}

function healthOf({ isUp, detail }: InstanceState): 'up' | 'busy' | 'down' {
  if (!isUp) return 'down';
  return detail === 'ready' || detail === 'up' ? 'up' : 'busy';
}
