// Takes the pictures in docs/images from the real local stack: every page, light, dark and on a phone.
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
    path: `/explore?m=memory_used&a=avg_memory_used&m=cpu_user&a=avg_cpu_user&where=${host}`,
  },
  { name: 'corrections', path: '/corrections' },
  { name: 'pipeline', path: '/pipeline' },
  { name: 'query', path: `/query?sql=${encodeURIComponent(statement)}` },
];

/** Three points in ten come late, so that what they change can be seen in a small picture. */
const generator = { HW_GENERATOR_RATE: '240', HW_GENERATOR_PERCENT_LATE: '30' };

await using world = await startDashboardWorld({ generator });
await world.send('{"MeasureName": "cut sho');
process.stdout.write(`Waiting ${warmUpMs / 1000} s for windows and corrections.\n`);
await sleep(warmUpMs);
await mkdir(directory, { recursive: true });
const now = Date.now();
const looks = [
  { look: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { look: 'dark', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { look: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;
for (const { look, colorScheme, viewport } of looks) {
  const page = await world.browser.newPage({ colorScheme, viewport });
  for (const { name, path } of pages) {
    const range = `from=${now - 100_000}&to=${now}`;
    const isRanged = name === 'explore' || name === 'corrections';
    const separator = path.includes('?') ? '&' : '?';
    await page.goto(world.url + path + (isRanged ? separator + range : ''));
    await sleep(5_000);
    const mark = page.locator('.panel').nth(1).locator('.marks button').nth(7);
    const isPointed = name === 'explore' && look !== 'phone' && (await mark.count()) > 0;
    if (isPointed) await mark.hover();
    if (name === 'query') await page.getByRole('button', { name: 'Plot' }).click();
    await sleep(500);
    await page.screenshot({ path: `${directory}${name}-${look}.png` });
    process.stdout.write(`docs/images/${name}-${look}.png\n`);
  }
  await page.close();
}
