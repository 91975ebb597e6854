import { deadLetterReasons, errorCodes } from '@highwater/model';
import { readFileSync } from 'node:fs';
import { renderPage } from './render-page.ts';
import { renderTable } from './render-table.ts';
import { sourceFiles } from './source-files.ts';

/** Who must act and whether to retry, as far as the class of an error fixes it. */
interface Traits {
  readonly domain: string | undefined;
  readonly retry: string | undefined;
}

const origins: Readonly<Record<string, string>> = {
  user: 'your configuration or input',
  external: 'a remote system',
  internal: 'a bug in Highwater',
};

/** docs/reference/errors.md: every error code, and every reason of a dead letter. */
export function renderErrorsPage(): string {
  const traits = findTraits();
  return renderPage('Errors and dead letters', [
    'On this page you can look up an `HW_…` code from a log, or the reason of a dead letter.',
    '> This page is generated from the code. To change a text, edit [error-codes.ts](../../packages/model/src/error-codes.ts) or [dead-letter-reasons.ts](../../packages/model/src/dead-letter-reasons.ts), and then run `npm run docs`.',
    '## Exit codes',
    renderTable(
      ['Code', 'Meaning', 'What to do'],
      [
        ['0', 'The program stopped cleanly.', 'No action is needed.'],
        [
          '1',
          'The program ended with an error, or could not stop in time.',
          'Start it again. If it ends again, look up the code in the last line of its log.',
        ],
        [
          '2',
          'Something must be changed before the program can run. The list below gives your configuration or input as the origin of such an error, or says that it depends on the cause.',
          'Read the last line of the log, and correct what it names. Starting again without a change does not help.',
        ],
      ],
    ),
    '## Error codes',
    'A log line has the code in `err.code`, and the metric `highwater_errors_total` has it, or the name of the exception, in the label `code`.',
    ...Object.entries(errorCodes).flatMap(([code, { meaning, fix }]) => [
      `### \`${code}\``,
      meaning,
      [`- **Do this:** ${fix}`, ...linesOf(traits.get(code))].join('\n'),
    ]),
    '## Reasons of dead letters',
    'A dead letter is a record, or a part of one, that a service could not use. It has a reason, a detail in words, and the bytes. Services continue with the next record. The metric `highwater_dead_letters_total` has the reason in the label `reason`. To read the letters, see [HighwaterDeadLetters](../alerts.md#highwaterdeadletters).',
    'A bad record on the raw stream usually becomes two letters, because raw-writer and aggregator each read it.',
    ...Object.entries(deadLetterReasons).flatMap(([reason, { cause, fix }]) => [
      `### \`${reason}\``,
      `- **Cause:** ${cause}\n- **Fix:** ${fix}`,
    ]),
  ]);
}

/** The dashboard's answers to requests have no traits: nothing in a service fails. */
function linesOf(traits: Traits | undefined): readonly string[] {
  if (traits === undefined) return [];
  const { domain, retry } = traits;
  const origin =
    domain === undefined ? 'depends on the cause, which the message names' : origins[domain];
  return [`- **Origin:** ${origin}.`, `- **Retried automatically:** ${retryOf(retry)}.`];
}

function retryOf(retry: string | undefined): string {
  if (retry === undefined) return 'only if the cause is temporary, such as an outage';
  return retry === 'backoff' ? 'yes, with growing delays' : 'no';
}

/** Reads the traits from the classes; one that a constructor decides is undefined. */
function findTraits(): ReadonlyMap<string, Traits> {
  const found = new Map<string, Traits>();
  for (const path of sourceFiles()) {
    const classes = readFileSync(path, 'utf8')
      .split(/\bextends HighwaterError\b/)
      .slice(1);
    for (const text of classes) {
      const code = /readonly code = '(HW_\w+)'/.exec(text)?.[1];
      if (code === undefined) continue;
      found.set(code, { domain: traitOf(text, 'domain'), retry: traitOf(text, 'retry') });
    }
  }
  return found;
}

function traitOf(text: string, name: 'domain' | 'retry'): string | undefined {
  return new RegExp(`readonly ${name}(?:: \\w+)? = '(\\w+)'`).exec(text)?.[1];
}
