import { settings, storeAddressSettings, storeSettings, type Config } from '@highwater/settings';

const { AWS_REGION, AWS_ENDPOINT_URL_TIMESTREAM_QUERY, AWS_ENDPOINT_URL_TIMESTREAM_WRITE } =
  settings;

/** The settings of every program that writes to the store. */
export const storeConfig = {
  AWS_REGION,
  AWS_ENDPOINT_URL_TIMESTREAM_WRITE,
  ...storeAddressSettings,
  ...storeSettings,
};

/** The settings of every program that reads from the store. */
export const readerConfig = {
  AWS_REGION,
  AWS_ENDPOINT_URL_TIMESTREAM_QUERY,
  ...storeAddressSettings,
};

export type StoreConfig = Config<typeof storeConfig>;
export type ReaderConfig = Config<typeof readerConfig>;
