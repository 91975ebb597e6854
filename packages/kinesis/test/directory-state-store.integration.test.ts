import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DirectoryStateStore } from '../src/index.ts';
import { describeStateStore } from './state-store-contract.ts';
import { temporaryDirectory } from './temporary-directory.ts';

describeStateStore('DirectoryStateStore', async () => {
  const directory = await temporaryDirectory();
  return {
    store: new DirectoryStateStore(directory.path),
    damage: (key, content) => writeFile(join(directory.path, key), content),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
});
