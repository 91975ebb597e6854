import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

// Goal: no container has more permissions than it needs, even where no engine can run the tests of
// running containers. Method: check the compose file and the Dockerfile.

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(fileURLToPath(new URL(path, root)), 'utf8');

interface Service {
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly privileged?: boolean;
  readonly cap_add?: readonly string[];
  readonly user?: string;
  readonly network_mode?: string;
  readonly pid?: string;
  readonly volumes?: readonly (string | { readonly source?: string })[];
  readonly ports?: readonly string[];
  readonly deploy?: {
    readonly resources?: {
      readonly limits?: {
        readonly cpus?: string;
        readonly memory?: string;
        readonly pids?: number;
      };
    };
  };
}

const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
};
const dockerfile = read('infra/docker/Dockerfile');

describe('the compose file', () => {
  it.each(Object.entries(services))(
    'gives %s no permission that it does not need',
    (_name, service) => {
      const limits = service.deploy?.resources?.limits;
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(service.security_opt).toContain('no-new-privileges:true');
      expect([limits?.cpus, limits?.memory, limits?.pids]).not.toContain(undefined);
      const more = ['privileged', 'cap_add', 'network_mode', 'pid', 'devices', 'ipc'];
      expect(Object.keys(service).filter((key) => more.includes(key))).toEqual([]);
      expect(service.user ?? '1000:1000').toMatch(/^[1-9]\d*(:\d+)?$/);
      expect(JSON.stringify(service.volumes ?? [])).not.toContain('docker.sock');
    },
  );

  it('publishes only pages for people, and only on this machine', () => {
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => ({ name, port })),
    );
    expect(published.map(({ name }) => name).toSorted()).toEqual([
      'dashboard',
      'grafana',
      'prometheus',
    ]);
    for (const { port } of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });
});

describe('the images', () => {
  it('run as a numeric user, without npm', () => {
    const users = [...dockerfile.matchAll(/^USER (.*)$/gm)].map(([, user]) => user);
    expect(new Set(users)).toEqual(new Set(['1000:1000']));
    const [, runtime = ''] = dockerfile.split('AS runtime');
    const copied = [...runtime.matchAll(/^COPY --from=node (.*)$/gm)].map(([, files]) => files);
    expect(copied).toEqual(['/usr/local/bin/node /usr/local/bin/node']);
  });

  it('contain only allowed files, and no secret or data of this machine', () => {
    const rules = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(rules[0]).toBe('*');
    const letIn = rules.slice(1);
    expect(letIn.filter((rule) => !rule.startsWith('!'))).toEqual([]);
    expect(letIn.filter((rule) => /\.env|\.git|data|node_modules|\*\*/.test(rule))).toEqual([]);
  });
});
