import { describeClients } from './describe-clients.ts';
import { javaProgram, prepareJava } from './java.ts';

const java = await prepareJava();

describeClients('kinesis-local', [
  await javaProgram(java, 'sdk1', 'Sdk1Kinesis'),
  await javaProgram(java, 'sdk2-old', 'Sdk2Kinesis'),
  await javaProgram(java, 'sdk2', 'Sdk2Kinesis'),
]);

describeClients('timestream-local', [await javaProgram(java, 'sdk2', 'Sdk2Timestream')]);
