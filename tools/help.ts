import manifest from '../package.json' with { type: 'json' };

// `npm run help` prints what each script is for. npm itself shows only the command.
const scripts = Object.entries(manifest['scripts-info']);
const width = Math.max(...scripts.map(([name]) => name.length));
for (const [name, info] of scripts) {
  process.stdout.write(`npm run ${name.padEnd(width)}  ${info}\n`);
}
