import { beforeAll, describe, expect, it } from 'vitest';
import { compose, docker } from './compose.ts';
import { containers, serviceOf, type Container } from './containers.ts';

const ours = ['highwater/services:test', 'highwater/timestream-local:test'];
const megabyte = 1_000_000;

describe('the containers', () => {
  let all: readonly Container[];

  beforeAll(async () => {
    all = await containers();
  });

  it('run without root, rights or a root file system to write to, and within limits', () => {
    for (const container of all) {
      const { HostConfig: host, Config: config } = container;
      expect(config.User, container.Name).toMatch(/^[1-9]\d*:/);
      expect(host, container.Name).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'] });
      expect(host.SecurityOpt, container.Name).toContain('no-new-privileges:true');
      for (const limit of [host.Memory, host.NanoCpus, host.PidsLimit]) {
        expect(limit, container.Name).toBeGreaterThan(0);
      }
    }
  });

  it('are what they are said to be from within', async () => {
    const running = all.filter(({ State }) => State.Status === 'running').map(serviceOf);
    for (const service of running) {
      const inside = async (script: string) => compose('exec', '-T', service, 'sh', '-c', script);
      expect(await inside('id -u'), service).not.toBe('0');
      await expect(inside('touch /usr/local/x'), service).rejects.toThrow(/Read-only/);
      expect(await inside('grep CapEff /proc/self/status'), service).toMatch(/\s0+$/);
    }
  });

  it('publish the pages for people, to this machine alone', () => {
    const published = all.flatMap((container) =>
      Object.values(container.NetworkSettings.Ports).flatMap((ports) =>
        (ports ?? []).map(
          ({ HostIp, HostPort }) => `${serviceOf(container)} ${HostIp}:${HostPort}`,
        ),
      ),
    );
    expect(published).toEqual(['prometheus 127.0.0.1:19090']);
  });
});

describe('the images', () => {
  it('hold no secret, in files, settings or history', async () => {
    for (const image of ours) {
      const history = await docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', image);
      const settings = await docker('inspect', '--format', '{{json .Config}}', image);
      const secret = /_authtoken|_password|secret_?(access_?)?key|private key|akia[0-9a-z]{16}/i;
      expect(history, image).not.toMatch(secret);
      expect(settings, image).not.toMatch(secret);
      const search =
        "find / -xdev '(' -name .npmrc -o -name '.env*' -o -name .git -o -name 'id_*sa' ')'";
      const found = await docker(
        ...['run', '--rm', '--entrypoint', 'sh', image, '-c', `${search} 2>/dev/null || true`],
      );
      expect(found, image).toBe('');
    }
  });

  it('carry neither tests nor development tools, and DuckDB only where it is used', async () => {
    const list = (image: string) =>
      docker('run', '--rm', '--entrypoint', 'find', image, '/app', '-maxdepth', '3');
    const [services = '', store = ''] = await Promise.all(ours.map(list));
    expect(services).not.toMatch(/duckdb|vitest|typescript|oxlint|\/test\b/);
    expect(store).not.toMatch(/vitest|typescript|oxlint|\/test\b/);
    expect(store).toMatch(/@duckdb/);
  });

  // Debian's part differs between builds of the base image (75 MB as published), so ours is measured.
  it('add less than 275 MB to their base, Node included', async () => {
    const sizes = await docker('inspect', '--format', '{{.Size}}', 'debian:bookworm-slim', ...ours);
    const [base = 0, ...images] = sizes.split('\n').map(Number);
    for (const [index, size] of images.entries()) {
      expect((size - base) / megabyte, ours[index]).toBeLessThan(275);
    }
  });
});
