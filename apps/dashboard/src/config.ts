import { dashboardSettings, settings, tableSettings, type Config } from '@highwater/settings';

const { AWS_REGION, AWS_ENDPOINT_URL_TIMESTREAM_QUERY, HW_DEAD_LETTERS_DIR } = settings;

/** The dashboard's settings. */
export const dashboardConfig = {
  AWS_REGION,
  AWS_ENDPOINT_URL_TIMESTREAM_QUERY,
  ...tableSettings,
  ...dashboardSettings,
  HW_DEAD_LETTERS_DIR,
};

export type DashboardConfig = Config<typeof dashboardConfig>;
