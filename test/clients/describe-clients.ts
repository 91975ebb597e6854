import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { readmeWith } from './client-table.ts';
import { root } from './root.ts';
import { runCommand, type Command } from './run-command.ts';
import { startServer, type ServerName } from './servers.ts';
import { stepsIn, type Step } from './step.ts';

/**
 * Declares a test for each step that the clients report, and one that checks that the server's
 * README lists them all.
 *
 * The clients run one after another while the tests are collected, each with a separate server,
 * whose endpoint is its last argument.
 */
export function describeClients(server: ServerName, clients: readonly Command[]): void {
  describe(`clients of ${server}`, async () => {
    const steps: Step[] = [];
    for (const client of clients) steps.push(...(await stepsOf(server, client)));

    it.each(steps)('$client $version: $operation', ({ result }) => {
      expect(result).toBe('right');
    });

    // `npm run test:clients -- -u` writes it anew.
    it('are in the README with their results', async () => {
      const path = join(root, 'apps', server, 'README.md');
      const readme = readmeWith(await readFile(path, 'utf8'), steps);
      const options = await resolveConfig(path);
      const formatted = await format(readme, { ...options, parser: 'markdown' });
      await expect(formatted).toMatchFileSnapshot(path);
    });
  });
}

/** Settings that every AWS client reads, without those of the person who runs the tests. */
const account = {
  AWS_ACCESS_KEY_ID: 'anyone',
  AWS_SECRET_ACCESS_KEY: 'anything',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: join(import.meta.dirname, 'no-config'),
  AWS_SHARED_CREDENTIALS_FILE: join(import.meta.dirname, 'no-credentials'),
};

async function stepsOf(name: ServerName, client: Command): Promise<readonly Step[]> {
  await using server = await startServer(name);
  const args = [...client.args, server.endpoint];
  return stepsIn(await runCommand({ ...client, args, env: { ...account, ...client.env } }));
}
