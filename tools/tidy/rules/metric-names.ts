import ts from 'typescript';
import type { Finding } from '../finding.ts';
import { placeOf } from '../places.ts';
import type { Repository, SourceFile } from '../repository.ts';
import { findingAt, literalText, propertyOf, visit } from '../syntax.ts';

const kinds = new Set(['Counter', 'Gauge', 'Histogram', 'Summary']);

/** Allowed prefixes of a metric's name besides the name of an app: the shared word, an adapter. */
const sharedPrefixes = ['highwater', 'kinesis', 'timestream', 'sink'];

const snakeCase = /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/;
const foreignUnit =
  /_(ms|millis|milliseconds|micros|nanos|minutes|hours|kb|mb|kib|mib|percent)(_|$)/;
const labelsMax = 3;

/** Holds names, units and labels of metrics: `<prefix>_<what>_<unit>[_total]`, base units only. */
export function metricNames(repository: Repository): readonly Finding[] {
  const findings: Finding[] = [];
  const prefixes = [...sharedPrefixes, ...appNames(repository)];
  for (const file of repository.sources) {
    if (placeOf(file.path).kind !== 'src') continue;
    visit(file, (node) => {
      if (!ts.isNewExpression(node) || !kinds.has(node.expression.getText())) return;
      const problems = judge(node.expression.getText(), node.arguments?.[0], prefixes);
      findings.push(...problems.map((problem) => findingAt(file, node, problem)));
    });
  }
  return findings;
}

function appNames(repository: Repository): readonly string[] {
  const apps = repository.sources.map(({ path }: SourceFile) => /^apps\/([^/]+)\//.exec(path)?.[1]);
  return [...new Set(apps.flatMap((name) => name ?? []))].map((name) => name.replaceAll('-', '_'));
}

function judge(
  kind: string,
  options: ts.Expression | undefined,
  prefixes: readonly string[],
): readonly string[] {
  const name = literalText(propertyOf(options, 'name'));
  if (name === undefined) return [];
  const problems: string[] = [];
  if (!snakeCase.test(name) || !prefixes.some((prefix) => name.startsWith(`${prefix}_`))) {
    problems.push(
      `metric ${name}: write <prefix>_<what>_<unit>, prefix one of ${prefixes.join(', ')}`,
    );
  }
  if (kind === 'Counter' && !name.endsWith('_total')) {
    problems.push(`metric ${name}: a counter ends in _total`);
  }
  if (kind !== 'Counter' && name.endsWith('_total')) {
    problems.push(`metric ${name}: only a counter ends in _total`);
  }
  if (foreignUnit.test(name)) {
    problems.push(`metric ${name}: use base units: seconds, bytes, ratio from 0 to 1`);
  }
  if (literalText(propertyOf(options, 'help')) === '') {
    problems.push(`metric ${name}: help is empty; say what is measured`);
  }
  return [...problems, ...judgeLabels(name, propertyOf(options, 'labelNames'))];
}

function judgeLabels(name: string, labels: ts.Expression | undefined): readonly string[] {
  if (labels === undefined || !ts.isArrayLiteralExpression(labels)) return [];
  const names = labels.elements.flatMap((element) => literalText(element) ?? []);
  const problems = names
    .filter((label) => !/^[a-z]+(_[a-z]+)*$/.test(label))
    .map((label) => `metric ${name}: label ${label} is not snake_case`);
  if (names.length <= labelsMax) return problems;
  return [...problems, `metric ${name}: ${names.length} labels, at most ${labelsMax}; split it`];
}
