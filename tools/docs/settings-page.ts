import { describeSetting, settingGroups, type ConfigShape } from '@highwater/settings';
import { programs, services } from './programs.ts';

const introduction = `# Settings

You configure every program with environment variables. An empty variable counts as unset. A setting without a default is optional. If a
value is not allowed, the program exits with code 2 and names the setting. A program ignores the settings of other programs, and refuses an
\`HW_\` name that no program has.

This page lists every setting. To list the settings of one program, add \`--help\` to its command. For example, run
\`npx node apps/aggregator/src/main.ts --help\`.

- \`npm start\` is the local stack. It starts the other programs and sets their settings itself, except the ones listed for it here.
- \`setup\` creates the streams and tables for \`docker compose\`.
- \`doctor\` is \`npx highwater doctor\`. It reads the settings of the services that it checks.
- \`copy\` is \`npx highwater copy\`. It reads the settings of stores as the services do.

<!-- npm run docs writes this page from packages/settings. -->`;

/** The reference of all settings: a table per group, from their declarations. */
export function renderSettingsPage(): string {
  const groups = Object.entries(settingGroups).map(([title, settings]) =>
    [`## ${title}`, '', ...renderTable(settings)].join('\n'),
  );
  return `${[introduction, '<!-- prettier-ignore-start -->', ...groups, '<!-- prettier-ignore-end -->'].join('\n\n')}\n`;
}

function renderTable(settings: ConfigShape): readonly string[] {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const { meaning, values = 'any text', fallback } = describeSetting(name, setting);
    return [
      `\`${name}\``,
      asMarkdown(meaning),
      asMarkdown(values),
      defaultsOf(name, fallback),
      programsOf(name),
    ];
  });
  const head = ['setting', 'meaning', 'allowed values', 'default', 'programs'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

/** The default, and the one of a program that has another. */
function defaultsOf(name: string, fallback: string | undefined): string {
  const others = Object.entries(programs).flatMap(([program, shape]) => {
    const setting = shape[name];
    const own = setting && describeSetting(name, setting).fallback;
    return setting === undefined || own === fallback
      ? []
      : [`${code(own ?? 'unset')} in ${nameOf(program)}`];
  });
  return [...(fallback === undefined ? [] : [code(fallback)]), ...others].join(', ');
}

function programsOf(name: string): string {
  const having = (shapes: Readonly<Record<string, ConfigShape>>) =>
    Object.keys(shapes).filter((program) => Object.hasOwn(shapes[program] ?? {}, name));
  const isEveryService = having(services).length === Object.keys(services).length;
  return isEveryService ? 'every service' : having(programs).map(nameOf).join(', ');
}

function nameOf(program: string): string {
  return program.includes(' ') ? `\`${program}\`` : program;
}

function code(text: string): string {
  const [, value = text, note = ''] = /^(\S+)( \(.*\))?$/.exec(text) ?? [];
  return `\`${value}\`${note}`;
}

/** Formats names, URLs, and times as code, and escapes characters of Markdown. */
function asMarkdown(text: string): string {
  return text
    .split(
      /((?:HW|AWS)_[A-Z0-9_]+|https?:\/\/[\w.]+:\d+|\*\.internal|\/_admin\/|a-z A-Z 0-9 _ \. -)/,
    )
    .map((part, index) => (index % 2 === 1 ? `\`${part}\`` : part))
    .join('');
}
