import { beforeAll, describe, expect, it } from 'vitest';
import { compose, docker } from './compose.ts';
import { containers, serviceOf, type Container } from './containers.ts';
import { runtimeImage } from './stand-ins.ts';

const ours = ['services', 'timestream-local', 'dynamodb-local', 'dashboard'].map(
  (name) => `highwater/${name}:test`,
);
const megabyte = 1_000_000;

describe('the containers', () => {
  let all: readonly Container[];

  beforeAll(async () => {
    all = await containers();
  });

  it('run without root, capabilities, or a writable root file system, and within limits', () => {
    const faults = all.flatMap((container) => {
      const { HostConfig: host, Config: config } = container;
      const claims = {
        'has a user by number': /^[1-9]\d*:/.test(config.User),
        'has a read-only root': host.ReadonlyRootfs,
        'has no capabilities': host.CapDrop?.join() === 'ALL',
        'gains no rights': host.SecurityOpt?.includes('no-new-privileges:true') === true,
        'has a limit of memory': host.Memory > 0,
        'has a limit of cores': host.NanoCpus > 0,
        'has a limit of processes': (host.PidsLimit ?? 0) > 0,
      };
      return untrue(serviceOf(container), claims);
    });
    expect(faults).toEqual([]);
  });

  it('have the same restrictions when checked from inside', async () => {
    const running = all.filter(({ State }) => State.Status === 'running').map(serviceOf);
    const script = 'id -u; touch /usr/local/x 2>&1; grep CapEff /proc/self/status';
    const faults = await Promise.all(
      running.map(async (service) => {
        const said = await compose('exec', '-T', service, 'sh', '-c', script);
        return untrue(service, {
          'is not root': !/^0$/m.test(said),
          'cannot write to its root': said.includes('Read-only file system'),
          'has no effective capability': /^CapEff:\s+0+$/m.test(said),
        });
      }),
    );
    expect(faults.flat()).toEqual([]);
  });

  it('publish pages for people, only on this machine', () => {
    const published = all.flatMap((container) =>
      Object.values(container.NetworkSettings.Ports).flatMap((ports) =>
        (ports ?? []).map(
          ({ HostIp, HostPort }) => `${serviceOf(container)} ${HostIp}:${HostPort}`,
        ),
      ),
    );
    expect(published.toSorted()).toEqual([
      'dashboard 127.0.0.1:18080',
      'prometheus 127.0.0.1:19090',
    ]);
  });
});

describe('the images', () => {
  it('hold no secret, in files, settings or history', async () => {
    const secret = /_authtoken|_password|secret_?(access_?)?key|private key|akia[0-9a-z]{16}/i;
    const search =
      "find / -xdev '(' -name .npmrc -o -name '.env*' -o -name .git -o -name 'id_*sa' ')'";
    const faults = await Promise.all(
      ours.map(async (image) => {
        const history = await docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', image);
        const settings = await docker('inspect', '--format', '{{json .Config}}', image);
        const script = `${search} 2>/dev/null || true`;
        const found = await docker('run', '--rm', '--entrypoint', 'sh', image, '-c', script);
        return untrue(image, {
          'has a clean history': !secret.test(history),
          'has clean settings': !secret.test(settings),
          'has no file of secrets': found === '',
        });
      }),
    );
    expect(faults.flat()).toEqual([]);
  });

  it('contain neither tests nor development tools, and DuckDB only where it is used', async () => {
    const list = (image: string) =>
      docker('run', '--rm', '--entrypoint', 'find', image, '/app', '-maxdepth', '3');
    const [services = '', store = ''] = await Promise.all(ours.map(list));
    expect(services).not.toMatch(/duckdb|vitest|typescript|oxlint|(packages|apps)\/[^/]+\/test$/m);
    expect(store).not.toMatch(/vitest|typescript|oxlint|(packages|apps)\/[^/]+\/test$/m);
    expect(store).toMatch(/@duckdb/);
  });

  // Debian's part differs between builds of the base image (75 MB as published), so ours is measured.
  it('add less than 275 MB to their base, including Node', async () => {
    const base = await runtimeImage();
    const sizes = await docker('inspect', '--format', '{{.Size}}', base, ...ours);
    const [baseSize = 0, ...images] = sizes.split('\n').map(Number);
    const added = images.map((size) => (size - baseSize) / megabyte);
    expect(Math.max(...added)).toBeLessThan(275);
  });
});

/** The claims that do not hold, each with who does not. */
function untrue(name: string, claims: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.entries(claims)
    .filter(([, holds]) => !holds)
    .map(([claim]) => `not so: ${name} ${claim}`);
}
