import { compose } from './compose.ts';

/** Builds and starts the stack before all files of tests, and removes everything after them. */
export default async function stackUp(): Promise<() => Promise<void>> {
  await compose('down', '--volumes', '--remove-orphans');
  await compose('build', '--quiet');
  await compose('up', '--detach', '--wait', '--wait-timeout', '120');
  return async () => {
    await compose('down', '--volumes', '--remove-orphans');
  };
}
