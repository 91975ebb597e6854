import { defineConfig } from 'vitest/config';

// The unit tests that a mutant has to survive.
export default defineConfig({
  test: { include: ['packages/{model,windowing}/test/*.unit.test.ts'], testTimeout: 120_000 },
});
