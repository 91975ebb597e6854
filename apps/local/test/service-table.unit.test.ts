import { describe, expect, it } from 'vitest';
import { renderServiceTable } from '../src/service-table.ts';

const services = [
  {
    name: 'kinesis-local',
    apiUrl: 'http://127.0.0.1:4567',
    opsUrl: 'http://127.0.0.1:40001',
    logFile: '.highwater/logs/kinesis-local.log',
  },
  {
    name: 'aggregator',
    opsUrl: 'http://127.0.0.1:40002',
    logFile: '.highwater/logs/aggregator.log',
  },
];

describe('renderServiceTable', () => {
  it('shows where everything runs', () => {
    expect(renderServiceTable(services, 120)).toEqual([
      'service        address                health and metrics              log',
      'kinesis-local  http://127.0.0.1:4567  http://127.0.0.1:40001/metrics  .highwater/logs/kinesis-local.log',
      'aggregator                            http://127.0.0.1:40002/metrics  .highwater/logs/aggregator.log',
    ]);
  });

  it('fits in 80 columns, with the logs in one sentence', () => {
    const lines = renderServiceTable(services, 80);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.at(-1)).toBe('Logs: .highwater/logs/<service>.log');
  });
});
