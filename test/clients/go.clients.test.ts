import { join } from 'node:path';
import { describeClients } from './describe-clients.ts';
import { prepareGo } from './go.ts';

const programs = await prepareGo();

describeClients('kinesis-local', [{ command: join(programs, 'kinesis'), args: [] }]);

describeClients('timestream-local', [{ command: join(programs, 'timestream'), args: [] }]);
