import { cpus } from 'node:os';
import { decodeRates } from './decode-rates.ts';
import { heldRows, idleSeriesCount } from './idle-source.ts';
import { joinedRows } from './joined-rows.ts';
import { bytesPerRow, fourAggregates, snapshotTimes, windowClose } from './state-costs.ts';

/** Prints what windowing costs: `npm run bench -- windowing`. */
export async function run(): Promise<void> {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  print(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}\n`);
  print('| records/s of one core | ours | bare JSON.parse | ratio |');
  print('|---|---|---|---|');
  for (const { name, recordsPerSecond, parsePerSecond, ratio } of decodeRates()) {
    print(
      `| ${name} | ${thousands(recordsPerSecond)} | ${thousands(parsePerSecond)} | ${ratio.toFixed(2)} |`,
    );
  }
  const close = await windowClose();
  const { snapshotMs, restoreMs, bytes } = snapshotTimes();
  print('\n| state | |');
  print('|---|---|');
  print(`| bytes for an open row of the default view | ${bytesPerRow().toFixed(0)} |`);
  const ofFour = bytesPerRow(fourAggregates).toFixed(0);
  print(`| bytes for an open row of avg, max, first and last | ${ofFour} |`);
  print(`| closing a window of 74,400 rows and encoding it | ${close.totalMs.toFixed(0)} ms |`);
  print(`| longest block of the event loop while it closes | ${close.blockMs.toFixed(0)} ms |`);
  print(
    `| snapshot of 200,000 rows (${(bytes / 1e6).toFixed(0)} MB) | ${snapshotMs.toFixed(0)} ms |`,
  );
  print(`| restore of 200,000 rows | ${restoreMs.toFixed(0)} ms |`);
  const joined = joinedRows();
  print(
    `| upsert writer: bytes for an open row, of ten a series | ${joined.bytesPerRow.toFixed(0)} |`,
  );
  const ofThree = joinedRows(3).bytesPerRow.toFixed(0);
  print(`| upsert writer: the same, with partials of three shards | ${ofThree} |`);
  print(
    `| upsert writer: partials decoded and joined a second | ${thousands(joined.partialsPerSecond)} |`,
  );
  await printIdleSource(print);
}

/** Prints what one idle source costs a shard of the upsert writer, by how long it holds rows. */
async function printIdleSource(print: (line: string) => void): Promise<void> {
  print(
    `\n| an idle source beside ${idleSeriesCount} series | rows open | heap | snapshot | to make it |`,
  );
  print('|---|---|---|---|---|');
  for (const holdMinutes of [undefined, 5, 15, 60]) {
    const holdMs = holdMinutes === undefined ? undefined : holdMinutes * 60_000;
    const { rowsCount, heapBytes, snapshotBytes, snapshotMs } = await heldRows(holdMs);
    const name = holdMinutes === undefined ? 'none' : `holds rows for ${holdMinutes} min`;
    const [heap, bytes] = [heapBytes, snapshotBytes].map((each) => `${(each / 1e6).toFixed(0)} MB`);
    print(`| ${name} | ${rowsCount} | ${heap} | ${bytes} | ${snapshotMs.toFixed(0)} ms |`);
  }
}

function thousands(value: number): string {
  return `${Math.round(value / 1000)} k`;
}
