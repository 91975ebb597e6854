import { startPostgres } from '@highwater/postgres-server';

// Starts a server and is killed by its test.
const [directory = ''] = process.argv.slice(2);
const { pid } = await startPostgres({ directory });
process.stdout.write(`${pid}\n`);
