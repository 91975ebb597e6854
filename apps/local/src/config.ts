import { localStackSettings, settings, withDefault, type Config } from '@highwater/settings';

const {
  HW_VIEWS,
  HW_KINESIS_LOCAL_PORT,
  HW_TIMESTREAM_LOCAL_PORT,
  HW_DASHBOARD_PORT,
  HW_STORE_PASSWORD,
  HW_STORE_PASSWORD_FILE,
  HW_STORE_PASSWORD_SECRET,
} = settings;

/** The local stack's settings, with a feed that shows corrections on any laptop. */
export const localConfig = {
  ...localStackSettings,
  HW_VIEWS,
  HW_KINESIS_LOCAL_PORT,
  HW_TIMESTREAM_LOCAL_PORT,
  HW_DASHBOARD_PORT,
  HW_STORE_PASSWORD,
  HW_STORE_PASSWORD_FILE,
  HW_STORE_PASSWORD_SECRET,
  HW_GENERATOR_RATE: withDefault(settings.HW_GENERATOR_RATE, 1_000),
  HW_GENERATOR_SERIES: withDefault(settings.HW_GENERATOR_SERIES, 500),
  HW_GENERATOR_PERCENT_LATE: withDefault(settings.HW_GENERATOR_PERCENT_LATE, 5),
  HW_GENERATOR_LATE_TIME_SECONDS: withDefault(settings.HW_GENERATOR_LATE_TIME_SECONDS, 15),
};

export type LocalConfig = Config<typeof localConfig>;

/** Flags as alternative names of the settings. */
export const localFlags = {
  'data-dir': 'HW_DATA_DIR',
  fresh: 'HW_LOCAL_FRESH',
  'free-ports': 'HW_LOCAL_FREE_PORTS',
  feed: 'HW_LOCAL_FEED',
  store: 'HW_LOCAL_STORE',
  views: 'HW_VIEWS',
  rate: 'HW_GENERATOR_RATE',
  series: 'HW_GENERATOR_SERIES',
  'percent-late': 'HW_GENERATOR_PERCENT_LATE',
  'late-time': 'HW_GENERATOR_LATE_TIME_SECONDS',
};
