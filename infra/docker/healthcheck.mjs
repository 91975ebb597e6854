// The health check of every container: ready, or not. Needs nothing but Node.
const port = process.env.HW_HTTP_PORT ?? '9464';
const isReady = await fetch(`http://127.0.0.1:${port}/readyz`, {
  signal: AbortSignal.timeout(4_000),
}).then(
  ({ ok }) => ok,
  () => false,
);
process.exitCode = isReady ? 0 : 1;
