import { hostNames, port, text, url, wholeNumber } from './kinds.ts';

/** Settings of the dashboard. */
export const dashboardSettings = {
  HW_DASHBOARD_HOST: text
    .default('127.0.0.1')
    .describe(
      'Address of the page. The page has no login, so everyone who can reach the address can read your data.',
    ),
  HW_DASHBOARD_PORT: port.default(8080).describe('Port of the page. 0 picks a free port.'),
  HW_DASHBOARD_HOST_NAMES: hostNames.describe(
    'Further host names that the page answers to. It always answers to IP addresses, localhost, names without a dot, *.localhost, and *.internal.',
  ),
  HW_DASHBOARD_SERVICES: text
    .optional()
    .describe(
      'Services to read metrics from, as name=url, separated by commas. Repeat a name for each replica.',
    ),
  HW_PROMETHEUS_URL: url
    .optional()
    .describe(
      'Prometheus server to read metrics from, instead of HW_DASHBOARD_SERVICES. Its job labels must be the names of the services.',
    ),
  HW_DASHBOARD_SCRAPE_INTERVAL_MS: wholeNumber({ min: 1, max: 60_000 })
    .default(2_000)
    .describe('Time between two readings of the metrics'),
  HW_DASHBOARD_QUERY_TIMEOUT_MS: wholeNumber({ min: 1, max: 60_000 })
    .default(30_000)
    .describe('How long the store may take to answer a query'),
  HW_DASHBOARD_QUERIES_IN_FLIGHT_MAX: wholeNumber({ min: 1, max: 64 })
    .default(6)
    .describe(
      'Maximum number of queries that the store computes at the same time. Up to 64 more wait. Further queries are refused.',
    ),
  HW_DASHBOARD_REQUESTS_PER_SECOND_MAX: wholeNumber({ min: 1, max: 10_000 })
    .default(100)
    .describe(
      'Maximum number of requests to the API per second and client. All clients together may send four times as many. Further requests get status 429.',
    ),
};
