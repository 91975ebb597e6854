// Serves the built site to this machine alone.
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';

const server = await preview({
  root: fileURLToPath(new URL('.', import.meta.url)),
  appType: 'mpa',
  build: { outDir: '../../.cache/site' },
  preview: { host: '127.0.0.1', port: 4173 },
});
server.printUrls();
