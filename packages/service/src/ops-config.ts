import { z } from 'zod';
import { hostNamesSetting } from './front-door/host-names.ts';

/** The settings that every service has. `runService` adds them by itself. */
export const opsConfig = {
  HW_HTTP_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address of the health and metrics server; 0.0.0.0 in a container'),
  HW_HTTP_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(9464)
    .describe('Port of the health and metrics server, 0 to 65535; 0 takes a free one'),
  HW_HTTP_HOST_NAMES: hostNamesSetting('the health and metrics server'),
  HW_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Least level that is logged: trace, debug, info, warn or error'),
  HW_SHUTDOWN_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_600_000)
    .default(25_000)
    .describe('How long a drain may take, ms; then the process exits with 1'),
};
