import ts from 'typescript';
import type { Finding } from '../finding.ts';
import { importsOf } from '../imports.ts';
import { placeOf } from '../places.ts';
import type { Repository, SourceFile } from '../repository.ts';
import { findingAt, visit } from '../syntax.ts';

/** What may be written nowhere. */
const bannedEverywhere: Readonly<Record<string, string>> = {
  'z.coerce.boolean': 'it takes "false" for true; write z.stringbool()',
};

/** Calls that production code may not make. It gets these from its context. */
const bannedInProduction: Readonly<Record<string, string>> = {
  'Date.now': 'write clock.nowMs()',
  'performance.now': 'write clock.monotonicMs()',
  'Math.random': 'take a seeded or injected random',
  setTimeout: 'write clock.sleep(durationMs, signal)',
  setInterval: 'write a loop around clock.sleep(durationMs, signal)',
  setImmediate: 'write clock.sleep(0, signal)',
  'process.env': 'declare the setting in config.ts and let runService read it',
  'process.argv': 'declare the flag in the definition and let runService read it',
  'process.exit': 'return or throw from the body of runService',
  'process.exitCode': 'return or throw from the body of runService',
  'process.on': 'use the signal that runService gives',
  'process.once': 'use the signal that runService gives',
};

/** Files that access time, randomness, and the process for all others. */
const exempt = /^packages\/(service|testkit)\//;

const timers = /^node:timers(\/promises)?$/;

/** Refuses calls that break determinism or hide a trap, and names what to write instead. */
export function bannedCalls(repository: Repository): readonly Finding[] {
  return repository.sources.flatMap((file) => {
    const { kind } = placeOf(file.path);
    const isProduction = kind === 'src' && !exempt.test(file.path);
    const banned = isProduction ? { ...bannedEverywhere, ...bannedInProduction } : bannedEverywhere;
    return [...bannedNames(file, banned), ...(isProduction ? bannedForms(file) : [])];
  });
}

function bannedNames(
  file: SourceFile,
  banned: Readonly<Record<string, string>>,
): readonly Finding[] {
  const findings: Finding[] = [];
  visit(file, (node) => {
    if (!ts.isPropertyAccessExpression(node) && !isFreeIdentifier(node)) return;
    const name = node.getText(file.syntax);
    const bare = name.replace(/^globalThis\./, '');
    const instead = Object.hasOwn(banned, bare) ? banned[bare] : undefined;
    if (instead !== undefined) findings.push(findingAt(file, node, `${bare}: ${instead}`));
  });
  return findings;
}

/** A name used as a reference: not a property, not a key, not declared here. */
function isFreeIdentifier(node: ts.Node): node is ts.Identifier {
  if (!ts.isIdentifier(node)) return false;
  const { parent } = node;
  return (
    (ts.isCallExpression(parent) && parent.expression === node) ||
    (ts.isCallExpression(parent) && parent.arguments.includes(node)) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === node) ||
    (ts.isVariableDeclaration(parent) && parent.initializer === node)
  );
}

function bannedForms(file: SourceFile): readonly Finding[] {
  const findings: Finding[] = [];
  visit(file, (node) => {
    const isNewDate = ts.isNewExpression(node) && node.expression.getText() === 'Date';
    if (isNewDate && (node.arguments ?? []).length === 0) {
      findings.push(findingAt(file, node, 'new Date(): write new Date(clock.nowMs())'));
    }
    if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'console') {
      const level = node.name.text === 'log' ? 'info' : node.name.text;
      findings.push(findingAt(file, node, `console: write log.${level}({ … }, 'A sentence.')`));
    }
  });
  const imports = importsOf(file)
    .filter(({ specifier }) => timers.test(specifier))
    .map(({ node }) => findingAt(file, node, 'node:timers: write clock.sleep(durationMs, signal)'));
  return [...findings, ...imports];
}
