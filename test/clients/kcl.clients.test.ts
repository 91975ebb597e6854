import { afterAll } from 'vitest';
import { describeClients } from './describe-clients.ts';
import { javaProgram, prepareJava } from './java.ts';
import { preparePython } from './python.ts';
import { startMoto } from './servers.ts';

const java = await prepareJava();
const moto = await startMoto(await preparePython());
afterAll(() => moto[Symbol.asyncDispose]());

describeClients('kinesis-local', [await javaProgram(java, 'kcl', 'Kcl', [moto.endpoint])]);
