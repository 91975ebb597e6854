import { settings, timestreamLocalSettings } from '@highwater/settings';
import { retentionClock } from './retention-clock.ts';

/** The server's settings. */
export const timestreamLocalConfig = {
  ...timestreamLocalSettings,
  HW_TIMESTREAM_LOCAL_CLOCK: settings.HW_TIMESTREAM_LOCAL_CLOCK.refine(
    (text) => retentionClock(text, () => 0) !== undefined,
  ),
};
