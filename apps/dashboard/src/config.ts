import { dashboardSettings, settings, type Config } from '@highwater/settings';
import { readerConfig } from '@highwater/stores';

const { HW_DEAD_LETTERS_DIR } = settings;

/** The dashboard's settings. */
export const dashboardConfig = {
  ...readerConfig,
  ...dashboardSettings,
  HW_DEAD_LETTERS_DIR,
};

export type DashboardConfig = Config<typeof dashboardConfig>;
