/** Settings of version 0.1 that have another name now, and what to set instead. */
export const renamedSettings: Readonly<Record<string, string>> = {
  HW_TIMESTREAM_DATABASE: 'HW_STORE=timestream://database/table',
  HW_TIMESTREAM_TABLE: 'HW_STORE=timestream://database/table',
  HW_TIMESTREAM_CREATE: 'HW_STORE_CREATE',
  HW_TIMESTREAM_REQUESTS_IN_FLIGHT_MAX: 'HW_STORE_REQUESTS_IN_FLIGHT_MAX',
  HW_TIMESTREAM_REQUEST_TIMEOUT_MS: 'HW_STORE_REQUEST_TIMEOUT_MS',
  HW_TIMESTREAM_GIVE_UP_AFTER_MS: 'HW_STORE_GIVE_UP_AFTER_MS',
};
