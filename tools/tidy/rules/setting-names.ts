import ts from 'typescript';
import type { Finding } from '../finding.ts';
import { placeOf } from '../places.ts';
import type { Repository } from '../repository.ts';
import { findingAt, propertyName, visit } from '../syntax.ts';

const settingName = /^(HW|AWS)(_[A-Z0-9]+)+$/;

/** Files of settings: `config.ts`, `ops-config.ts`, … */
const configFile = /(^|\/|-)config\.ts$/;

/** A setting is an environment variable in SCREAMING_SNAKE, ours or AWS's own, with its meaning. */
export function settingNames(repository: Repository): readonly Finding[] {
  const findings: Finding[] = [];
  for (const file of repository.sources) {
    if (!configFile.test(file.path) || placeOf(file.path).kind !== 'src') continue;
    visit(file, (node) => {
      if (!ts.isPropertyAssignment(node) || !isSchema(node.initializer)) return;
      const name = propertyName(node.name) ?? node.name.getText();
      if (!settingName.test(name)) {
        findings.push(findingAt(file, node, `setting ${name}: write HW_<AREA>_<WHAT>_<UNIT>`));
      }
      if (!node.initializer.getText().includes('.describe(')) {
        findings.push(findingAt(file, node, `setting ${name}: add .describe('One line.')`));
      }
    });
  }
  return findings;
}

/** A schema written on the spot at the top of a shape, not a field inside another schema. */
function isSchema(node: ts.Expression): boolean {
  if (!/^z\s*\./.test(node.getText())) return false;
  for (let up: ts.Node = node.parent; !ts.isSourceFile(up); up = up.parent) {
    if (ts.isCallExpression(up)) return false;
  }
  return true;
}
