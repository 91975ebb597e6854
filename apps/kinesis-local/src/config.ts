import { kinesisLocalSettings, settings } from '@highwater/settings';

/** The server's settings. */
export const kinesisLocalConfig = { ...kinesisLocalSettings, AWS_REGION: settings.AWS_REGION };

/** The settings that have a short name on the command line. */
export const kinesisLocalFlags = {
  host: 'HW_KINESIS_LOCAL_HOST',
  port: 'HW_KINESIS_LOCAL_PORT',
  data: 'HW_KINESIS_LOCAL_DATA_DIR',
  'enforce-limits': 'HW_KINESIS_LOCAL_ENFORCE_LIMITS',
  admin: 'HW_KINESIS_LOCAL_ADMIN',
  'tls-cert': 'HW_KINESIS_LOCAL_TLS_CERT',
  'tls-key': 'HW_KINESIS_LOCAL_TLS_KEY',
};
