// Takes the pictures in docs/images from the real local stack: every page, light and dark.
import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startDashboardWorld } from './dashboard-world.ts';

/** So that there are windows enough, and corrections among them. */
const warmUpMs = 120_000;

const directory = fileURLToPath(new URL('../../docs/images/', import.meta.url));

const statement = `SELECT bin(time, 10s) AS moment, measure_name, AVG(measure_value::double) AS mean
FROM "highwater"."metrics"
WHERE measure_name IN ('cpu_user', 'cpu_system') AND time > ago(5m)
GROUP BY bin(time, 10s), measure_name
ORDER BY moment`;

const host = 'instance_name:i-zaZswmJk-apollo-0001.amazonaws.com';

const pages = [
  {
    name: 'explore',
    path: `/explore?m=cpu_user&a=avg_cpu_user&m=memory_used&a=avg_memory_used&where=${host}`,
  },
  { name: 'corrections', path: '/corrections' },
  { name: 'pipeline', path: '/pipeline' },
  { name: 'query', path: `/query?sql=${encodeURIComponent(statement)}` },
];

await using world = await startDashboardWorld({ generator: { HW_GENERATOR_RATE: '240' } });
await world.send('{"MeasureName": "cut sho');
process.stdout.write(`Waiting ${warmUpMs / 1000} s for windows and corrections.\n`);
await sleep(warmUpMs);
await mkdir(directory, { recursive: true });
const now = Date.now();
for (const colorScheme of ['light', 'dark'] as const) {
  const page = await world.browser.newPage({
    colorScheme,
    viewport: { width: 1440, height: 900 },
  });
  for (const { name, path } of pages) {
    const range = `from=${now - 100_000}&to=${now}`;
    const isRanged = name === 'explore' || name === 'corrections';
    const separator = path.includes('?') ? '&' : '?';
    await page.goto(world.url + path + (isRanged ? separator + range : ''));
    await sleep(5_000);
    const mark = page.locator('.marks button').nth(7);
    if (name === 'explore' && (await mark.count()) > 0) await mark.hover();
    if (name === 'query') await page.getByRole('button', { name: 'Plot' }).click();
    await sleep(500);
    await page.screenshot({ path: `${directory}${name}-${colorScheme}.png` });
    process.stdout.write(`docs/images/${name}-${colorScheme}.png\n`);
  }
  await page.close();
}
