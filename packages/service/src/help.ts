import type { ConfigShape } from './config.ts';
import { describeConfig } from './describe-config.ts';
import type { Flags } from './flags.ts';
import { version } from './version.ts';

/** What `--help` prints. */
export function renderHelp(options: {
  readonly name: string;
  readonly description: string;
  readonly shape: ConfigShape;
  readonly flags: Flags;
}): string {
  const flags = Object.entries(options.flags).map(([flag, variable]) => {
    const meaning = options.shape[variable]?.description ?? '';
    return `  --${flag}\n      ${meaning} [${variable}]`;
  });
  return [
    `${options.name} ${version}: ${options.description}`,
    '',
    ...(flags.length > 0 ? ['Flags (they go before the environment):', ...flags, ''] : []),
    'Settings (environment variables; an empty one counts as unset):',
    describeConfig(options.shape).replace(/^/gm, '  '),
    '',
  ].join('\n');
}
