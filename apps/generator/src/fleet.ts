import type { Dimension } from '@highwater/model';
import { microservices, regions } from './fleet-layout.ts';
import type { Utilization } from './measures.ts';
import { PythonRandom } from './python-random.ts';

/** A machine that reports the host measures. */
export interface Host {
  /** Silo and instance: identify a machine. Its processes have the same. */
  readonly partitionKey: string;
  readonly dimensions: readonly Dimension[];
  readonly utilization: Utilization;
}

/** A process that reports the process measures. */
export interface Process {
  readonly partitionKey: string;
  readonly dimensions: readonly Dimension[];
}

/** All hosts and processes, in the order in which they report. */
export interface Fleet {
  readonly hosts: readonly Host[];
  readonly processes: readonly Process[];
}

/** The seed of the original fleet, with its names and busy hosts. */
export const originalSeed = 12345;

/**
 * Builds the fleet: always the same for the same seed and scale.
 *
 * Instance names repeat from silo to silo. Only all dimensions together distinguish two hosts.
 *
 * @param hostScale how many times the instances of every microservice in every silo
 */
export function buildFleet(hostScale: number, seed: number): Fleet {
  const prefix = instancePrefix(seed);
  const hosts: Omit<Host, 'utilization'>[] = [];
  const processes: Process[] = [];
  for (const silo of silos()) {
    for (const microservice of microservices) {
      for (let index = 0; index < microservice.instancesCount * hostScale; index++) {
        const instance = describeInstance({ silo, microservice, prefix, index });
        hosts.push(instance.host);
        processes.push(...instance.processes);
      }
    }
  }
  const utilizations = drawUtilizations(hosts.length, seed);
  return {
    hosts: hosts.map((host, i) => ({ ...host, utilization: utilizations[i] ?? 'normal' })),
    processes,
  };
}

interface Silo {
  readonly region: string;
  readonly cell: string;
  readonly silo: string;
}

function* silos(): Generator<Silo> {
  for (const { name: region, cellsCount, silosPerCell } of regions) {
    for (let cellNumber = 1; cellNumber <= cellsCount; cellNumber++) {
      const cell = `${region}-cell-${cellNumber}`;
      for (let siloNumber = 1; siloNumber <= silosPerCell; siloNumber++) {
        yield { region, cell, silo: `${cell}-silo-${siloNumber}` };
      }
    }
  }
}

function describeInstance(options: {
  readonly silo: Silo;
  readonly microservice: (typeof microservices)[number];
  readonly prefix: string;
  readonly index: number;
}): { host: Omit<Host, 'utilization'>; processes: readonly Process[] } {
  const { silo, microservice, prefix, index } = options;
  const { name, instanceType, osVersion, jdkVersion } = microservice;
  const instanceName = `i-${prefix}-${name}-${String(index).padStart(4, '0')}.amazonaws.com`;
  const partitionKey = `${silo.silo}/${instanceName}`;
  const where = {
    ...silo,
    availability_zone: `${silo.region}-${(index % 3) + 1}`,
    microservice_name: name,
  };
  const hostNames = {
    instance_type: instanceType,
    os_version: osVersion,
    instance_name: instanceName,
  };
  return {
    host: { partitionKey, dimensions: dimensionsOf({ ...where, ...hostNames }) },
    processes: microservice.processes.map((process) => ({
      partitionKey,
      dimensions: dimensionsOf({
        ...where,
        instance_name: instanceName,
        process_name: process,
        jdk_version: jdkVersion,
      }),
    })),
  };
}

/** Dimensions in the order in which they are written, which is not sorted. */
function dimensionsOf(byName: Readonly<Record<string, string>>): readonly Dimension[] {
  return Object.entries(byName).map(([name, value]) => ({ name, value }));
}

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const prefixLength = 8;

function instancePrefix(seed: number): string {
  const random = new PythonRandom([seed]);
  const draw = () => alphabet.charAt(Math.floor(random.uniform() * alphabet.length));
  return Array.from({ length: prefixLength }, draw).join('');
}

/** A fifth of the hosts is nearly idle, and a fifth is nearly saturated. */
const extremeShare = 0.2;

function drawUtilizations(hostsCount: number, seed: number): readonly Utilization[] {
  const order = Array.from({ length: hostsCount }, (_, i) => i);
  new PythonRandom([seed]).shuffle(order);
  const extremeCount = Math.floor(extremeShare * hostsCount);
  const utilizations = Array.from({ length: hostsCount }, (): Utilization => 'normal');
  for (const host of order.slice(0, extremeCount)) utilizations[host] = 'low';
  for (const host of order.slice(hostsCount - extremeCount)) utilizations[host] = 'high';
  return utilizations;
}
