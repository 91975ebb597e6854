import { spawn } from 'node:child_process'; import { createInterface } from 'node:readline'; import { once } from 'node:events';
import { Workload } from './workload.ts';
const child = spawn(process.execPath, ['--cpu-prof','--cpu-prof-dir=/tmp/prof','/work/main/apps/kinesis-local/src/main.ts','--port','0'], { stdio: ['ignore','pipe','inherit'], env: {...process.env, HW_HTTP_PORT:'0', HW_KINESIS_LOCAL_MEMORY_BYTES_MAX: String(2**31)} });
let port = 0;
for await (const line of createInterface({ input: child.stdout })) { const m = JSON.parse(line); if (m.msg==='Serving the Kinesis API.') { port = m.port; break; } }
using w = new Workload(port); await w.createStream();
if (process.argv[2]==='put') await w.putFor(8000); else { await w.putUntil(100000); await w.getFor(8000); }
child.kill('SIGTERM'); await once(child, 'exit');
