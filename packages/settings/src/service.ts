import { z } from 'zod';
import { hostNames, port, text, wholeNumber } from './kinds.ts';

/** Settings that every service has. */
export const serviceSettings = {
  HW_HTTP_HOST: text
    .default('127.0.0.1')
    .describe(
      'Address on which the health and metrics server listens. Use 0.0.0.0 in a container.',
    ),
  HW_HTTP_PORT: port
    .default(9464)
    .describe('Port of the health and metrics server. 0 picks a free port.'),
  HW_HTTP_HOST_NAMES: hostNames.describe(
    'Additional host names under which the health and metrics server can be reached. Requests for other host names are rejected, except for IP addresses, localhost, names without a dot, *.localhost, and *.internal.',
  ),
  HW_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Lowest level of log lines that are written'),
  HW_SHUTDOWN_TIMEOUT_MS: wholeNumber({ min: 1, max: 3_600_000 })
    .default(25_000)
    .describe(
      'How long a service may take to stop. If it takes longer, the process exits with code 1. Keep this below the time after which your platform kills the process.',
    ),
};
