import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildFleet, originalSeed } from '../src/fleet.ts';
import { fleetReporters } from '../src/reporter.ts';

const fleet = buildFleet(1, originalSeed);

const valueOf = (dimensions: readonly { name: string; value: string }[], wanted: string) =>
  dimensions.find(({ name }) => name === wanted)?.value;

const hostsOf = (utilization: string) =>
  fleet.hosts.flatMap((host, index) => (host.utilization === utilization ? [index] : []));

describe('buildFleet', () => {
  it('has 1,000 hosts and 1,200 processes per scale, in 100 silos', () => {
    expect(fleet.hosts).toHaveLength(1_000);
    expect(fleet.processes).toHaveLength(1_200);
    expect(new Set(fleet.hosts.map(({ dimensions }) => valueOf(dimensions, 'silo'))).size).toBe(
      100,
    );
    expect(buildFleet(3, originalSeed).hosts).toHaveLength(3_000);
  });

  it('has 26,000 series at scale 1, all of them distinct and 24,800 numeric', () => {
    const series = fleetReporters(fleet).flatMap(({ measureTexts, seriesCount, tail }) =>
      measureTexts.slice(0, seriesCount).map(({ before, after }) => before + after + tail),
    );
    expect(series).toHaveLength(26_000);
    expect(new Set(series).size).toBe(26_000);
    expect(series.filter((text) => /"(DOUBLE|BIGINT)"/.test(text))).toHaveLength(24_800);
  });

  it('spreads its machines over the shards, each with its processes in one', () => {
    const reporters = fleetReporters(fleet);
    const keys = [...new Set(reporters.map(({ partitionKey }) => partitionKey))];
    expect(keys).toHaveLength(1_000);
    expect(keys).toContain('us_east_1-cell-1-silo-1/i-zaZswmJk-apollo-0002.amazonaws.com');
    const quarters = keys.map((key) => createHash('md5').update(key).digest().readUInt8() >> 6);
    for (const quarter of [0, 1, 2, 3]) {
      expect(quarters.filter((each) => each === quarter).length).toBeGreaterThan(200);
    }
  });

  it('writes the dimensions of hosts and processes in their order', () => {
    expect(fleet.hosts[999]?.dimensions).toEqual([
      { name: 'region', value: 'ap-northeast-1' },
      { name: 'cell', value: 'ap-northeast-1-cell-5' },
      { name: 'silo', value: 'ap-northeast-1-cell-5-silo-3' },
      { name: 'availability_zone', value: 'ap-northeast-1-3' },
      { name: 'microservice_name', value: 'zeus' },
      { name: 'instance_type', value: 'm5.4xlarge' },
      { name: 'os_version', value: 'AL2' },
      { name: 'instance_name', value: 'i-zaZswmJk-zeus-0002.amazonaws.com' },
    ]);
    expect(fleet.processes[4]?.dimensions).toEqual([
      { name: 'region', value: 'us_east_1' },
      { name: 'cell', value: 'us_east_1-cell-1' },
      { name: 'silo', value: 'us_east_1-cell-1-silo-1' },
      { name: 'availability_zone', value: 'us_east_1-1' },
      { name: 'microservice_name', value: 'athena' },
      { name: 'instance_name', value: 'i-zaZswmJk-athena-0000.amazonaws.com' },
      { name: 'process_name', value: 'host_manager' },
      { name: 'jdk_version', value: 'JDK_8' },
    ]);
  });

  it('keeps the hosts that were always nearly idle or nearly saturated', () => {
    expect(hostsOf('low')).toHaveLength(200);
    expect(hostsOf('high')).toHaveLength(200);
    // Drawn by Python's random.Random(12345).shuffle.
    expect(hostsOf('low').slice(0, 8)).toEqual([4, 8, 19, 21, 26, 33, 35, 37]);
    expect(hostsOf('high').slice(0, 8)).toEqual([3, 6, 9, 10, 11, 13, 14, 24]);
  });

  it('differs for another seed, and is the same for the same seed', () => {
    expect(buildFleet(1, 7)).toEqual(buildFleet(1, 7));
    expect(buildFleet(1, 7).hosts[0]?.partitionKey).not.toBe(fleet.hosts[0]?.partitionKey);
  });
});

describe('fleetReporters', () => {
  it('keeps the first hosts with their processes when series are limited', () => {
    const reporters = fleetReporters(fleet, 107);
    expect(reporters.reduce((sum, { seriesCount }) => sum + seriesCount, 0)).toBe(107);
    expect(reporters.map(({ seriesCount }) => seriesCount)).toEqual([
      // Four hosts of 20 series and the start of a fifth, and the processes of the first four.
      20, 20, 20, 20, 2, 5, 5, 5, 5, 5,
    ]);
  });
});
