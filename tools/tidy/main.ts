import { fileURLToPath } from 'node:url';
import { renderFinding } from './finding.ts';
import { readRepository } from './repository.ts';
import { checkRepository, rules } from './rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const repository = readRepository(root);
const findings = checkRepository(repository);
for (const finding of findings) process.stdout.write(`${renderFinding(finding)}\n`);
process.stdout.write(
  `${findings.length} findings in ${repository.files.length} files, ${Object.keys(rules).length} rules.\n`,
);
process.exitCode = findings.length > 0 ? 1 : 0;
