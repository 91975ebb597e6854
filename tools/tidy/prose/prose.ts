import ts from 'typescript';
import type { Repository, SourceFile, TextFile } from '../repository.ts';
import { literalText, visit } from '../syntax.ts';

/** A text that a person reads. */
export interface Prose {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** The unit of measurement: a page of Markdown by its path, or a kind of text in the code. */
  readonly group: string;
}

/** Every text of the repository that a person reads: pages, help, errors, logs, metrics, alerts, the dashboard. */
export function readProse(repository: Repository): readonly Prose[] {
  const pages = repository.files.filter(({ path }) => path.endsWith('.md'));
  const alerts = repository.files.filter(({ path }) => path.startsWith('infra/prometheus/rules/'));
  const sources = repository.sources.filter(({ path }) => /^(?:apps|packages|infra)\//.test(path));
  return [
    ...pages.flatMap(readPage),
    ...alerts.flatMap(readAlerts),
    ...sources.filter(({ path }) => !/(?:^|\/)test\//.test(path)).flatMap(readSource),
  ];
}

/** The prose of a page, line by line: no code, no addresses of links. */
function readPage({ path, text }: TextFile): readonly Prose[] {
  return text
    .replace(/```[\s\S]*?```/g, (block) => block.replace(/[^\n]/g, ''))
    .split('\n')
    .map((line) => (/^ {4}\S/.test(line) ? '' : proseOf(line)))
    .map((line, index) => ({ file: path, line: index + 1, text: line, group: path }));
}

function proseOf(line: string): string {
  return line
    .replace(/`[^`]*`/g, 'x')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/[|*_#<>[\]]/g, ' ');
}

/** The summaries and descriptions of alerts. */
function readAlerts({ path, text }: TextFile): readonly Prose[] {
  return text.split('\n').flatMap((line, index) => {
    const found = /^\s*(?:summary|description): (.*)$/.exec(line)?.[1];
    return found === undefined
      ? []
      : [{ file: path, line: index + 1, text: found, group: 'alerts' }];
  });
}

const metrics = new Set(['Counter', 'Gauge', 'Histogram', 'Summary']);
const levels = new Set(['debug', 'info', 'warn', 'error', 'fatal']);
const shownAttributes = new Set(['alt', 'aria-label', 'label', 'placeholder', 'title']);

function readSource(file: SourceFile): readonly Prose[] {
  const found: Prose[] = [];
  visit(file, (node) => {
    const text = textOf(node);
    const group = text === undefined ? undefined : groupOf(node, text);
    if (text === undefined || group === undefined) return;
    const { line } = file.syntax.getLineAndCharacterOfPosition(node.getStart(file.syntax));
    found.push({ file: file.path, line: line + 1, text, group });
  });
  return found;
}

/** The words of a literal; a value within a template counts as one. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isJsxText(node)) return node.text.trim();
  if (!ts.isTemplateExpression(node)) return literalText(node);
  return node.head.text + node.templateSpans.map(({ literal }) => `x${literal.text}`).join('');
}

/** The kind of a text, by its position; undefined for text that no person reads. */
function groupOf(node: ts.Node, text: string): string | undefined {
  const { parent } = node;
  if (ts.isJsxText(node)) return 'the dashboard';
  if (ts.isJsxAttribute(parent)) {
    return shownAttributes.has(parent.name.getText()) ? 'the dashboard' : undefined;
  }
  if (ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression)) {
    const name = parent.expression.name.text;
    if (name === 'describe') return 'help';
    if (levels.has(name)) return 'logs';
  }
  if (ts.isNewExpression(parent) && parent.expression.getText().endsWith('Error')) return 'errors';
  if (isHelp(parent)) return 'metrics';
  return isSentence(text) ? 'other messages' : undefined;
}

function isHelp(property: ts.Node): boolean {
  if (!ts.isPropertyAssignment(property) || property.name.getText() !== 'help') return false;
  const made = property.parent.parent;
  return ts.isNewExpression(made) && metrics.has(made.expression.getText());
}

/** Several words in a row, and no SQL: a finding, a problem, a reason. */
function isSentence(text: string): boolean {
  const isSql = /\b(?:CASE|CREATE|FROM|INSERT|SELECT|VALUES|lambda)\b/.test(text);
  return !isSql && /(?:[a-z']+[ ,]+){3}/i.test(text);
}
