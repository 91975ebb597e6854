import { describeClients } from './describe-clients.ts';
import { preparePython, pythonScript } from './python.ts';

const python = await preparePython();

describeClients(
  'kinesis-local',
  ['boto3_kinesis.py', 'cli_kinesis.py'].map((name) => pythonScript(python, name)),
);

describeClients(
  'timestream-local',
  ['boto3_timestream.py', 'cli_timestream.py', 'wrangler.py'].map((name) =>
    pythonScript(python, name),
  ),
);
