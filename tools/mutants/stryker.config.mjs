// Changes one thing at a time in the source, and reports the changes that no unit test sees.
export default {
  mutate: ['packages/{model,windowing}/src/**/*.ts'],
  // Most texts are details for people; no test should repeat them.
  mutator: { excludedMutations: ['StringLiteral'] },
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'tools/mutants/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // Code that runs once, when a module is loaded, would need all tests in a new process.
  ignoreStatic: true,
  concurrency: 2,
  dryRunTimeoutMinutes: 20,
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: '.cache/mutants/report.json' },
  tempDirName: '.cache/mutants/sandbox',
  ignorePatterns: ['/apps', '/benchmarks', '/docs', '/infra', '/test', '/.nx'],
};
