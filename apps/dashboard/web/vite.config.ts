import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    emptyOutDir: true,
    target: 'es2023',
    // An inlined asset would be a `data:` address, which the page's policy rejects.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
  },
});
