// Prints the reason and the content of each dead letter in a file:
//   npx node docs/examples/dead-letters.mjs .highwater/dead-letters/aggregator.ndjson
import { readFileSync } from 'node:fs';

const lines = readFileSync(process.argv[2], 'utf8').trimEnd().split('\n');
for (const line of lines) {
  const { reason, detail, payload } = JSON.parse(line);
  console.log(`${reason}: ${detail}\n  ${Buffer.from(payload, 'base64').toString()}`);
}
