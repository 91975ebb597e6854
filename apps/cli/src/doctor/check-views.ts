import { checkFile } from '../views/check-file.ts';
import type { Finding } from './finding.ts';

/** Checks whether the views can be used. */
export async function checkViewsFile(path: string | undefined): Promise<readonly Finding[]> {
  const what = 'views';
  if (path === undefined) {
    const found = 'HW_VIEWS is not set: Highwater computes five-minute averages';
    return [{ what, verdict: 'ok', found }];
  }
  const { views, problems } = await checkFile(path);
  if (problems.length === 0) {
    const names = views.map(({ name }) => name).join(', ');
    return [{ what, verdict: 'ok', found: `${path}: ${names}` }];
  }
  const fix = `fix the file, then check it with \`highwater views check ${path}\``;
  return problems.map((problem) => ({ what, verdict: 'fail', found: problem, fix }));
}
