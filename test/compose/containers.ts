import { compose, docker } from './compose.ts';

/** The part of `docker inspect` that the tests need. */
export interface Container {
  readonly Id: string;
  readonly Name: string;
  readonly Image: string;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: {
    readonly User: string;
    readonly Env: readonly string[];
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Memory: number;
    readonly NanoCpus: number;
    readonly PidsLimit: number | null;
  };
  readonly NetworkSettings: {
    readonly Ports: Readonly<
      Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
    >;
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>>;
  };
}

/** Every container of the stack, including ended ones. */
export async function containers(...services: readonly string[]): Promise<readonly Container[]> {
  const ids = await compose('ps', '--all', '--quiet', ...services);
  return JSON.parse(await docker('inspect', ...ids.split('\n'))) as readonly Container[];
}

/** The service that a container belongs to. */
export function serviceOf(container: Container): string {
  return container.Config.Labels['com.docker.compose.service'] ?? '';
}

/** Where a port inside the network of the stack can be reached from this machine. */
export async function addressOf(service: string, port: number): Promise<string> {
  const [container] = await containers(service);
  const network = Object.values(container?.NetworkSettings.Networks ?? {})[0];
  if (!network) throw new Error(`${service} has no container with an address`);
  return `http://${network.IPAddress}:${port}`;
}
