import { settings, timestreamLocalSettings } from '@highwater/settings';
import { retentionClock } from './retention-clock.ts';

/** The server's settings. */
export const timestreamLocalConfig = {
  ...timestreamLocalSettings,
  HW_TIMESTREAM_LOCAL_CLOCK: settings.HW_TIMESTREAM_LOCAL_CLOCK.refine(
    (text) => retentionClock(text, () => 0) !== undefined,
  ),
};

/** Flags as other names for the settings. */
export const timestreamLocalFlags = {
  host: 'HW_TIMESTREAM_LOCAL_HOST',
  port: 'HW_TIMESTREAM_LOCAL_PORT',
  data: 'HW_TIMESTREAM_LOCAL_DATA',
  'retention-clock': 'HW_TIMESTREAM_LOCAL_CLOCK',
  region: 'HW_TIMESTREAM_LOCAL_REGION',
  'access-key': 'HW_TIMESTREAM_LOCAL_ACCESS_KEY',
  strict: 'HW_TIMESTREAM_LOCAL_STRICT',
  'tls-cert': 'HW_TIMESTREAM_LOCAL_TLS_CERT',
  'tls-key': 'HW_TIMESTREAM_LOCAL_TLS_KEY',
};
