// Loaded before a service: ends it when it is asked to stop before it listens for that itself. The
// kernel gives process 1 no default handling of signals, so a container that is stopped within its first
// second would otherwise sit out the whole grace period and be killed.
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(0);
  });
}
