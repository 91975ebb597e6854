import { spawnSync } from 'node:child_process';

/** A tool that clients need, and the command that fails where it is missing or too old. */
interface Tool {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** Clients that are run together, in the file of tests with this name. */
export interface Part {
  readonly name: string;
  readonly clients: string;
  readonly needs: readonly Tool[];
}

const isNewPython = 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))';
const python: Tool = {
  name: 'Python 3.11 or newer with venv',
  command: 'python3',
  args: ['-c', isNewPython],
};
const jdk: Tool = {
  name: 'a JDK of Java 17 or newer',
  command: 'javac',
  args: ['--release', '17', '-version'],
};
const maven: Tool = { name: 'Maven', command: 'mvn', args: ['-version'] };
const go: Tool = { name: 'Go', command: 'go', args: ['version'] };

/** All parts, in the order in which they run. */
export const parts: readonly Part[] = [
  { name: 'python', clients: 'boto3, the AWS CLI and awswrangler', needs: [python] },
  { name: 'java', clients: 'the AWS SDKs for Java', needs: [jdk, maven] },
  { name: 'kcl', clients: 'the Kinesis Client Library', needs: [jdk, maven, python] },
  { name: 'go', clients: 'the AWS SDK for Go', needs: [go] },
  { name: 'docs', clients: 'the examples of docs/send-data.md', needs: [python] },
];

/** The names of the tools that a part needs and this machine lacks. */
export function toolsMissing({ needs }: Part): readonly string[] {
  return needs
    .filter(({ command, args }) => spawnSync(command, args, { stdio: 'ignore' }).status !== 0)
    .map(({ name }) => name);
}
