import { hostNames, port, text, url, wholeNumber } from './kinds.ts';

/** Settings of the dashboard. */
export const dashboardSettings = {
  HW_DASHBOARD_HOST: text
    .default('127.0.0.1')
    .describe(
      'Address on which the dashboard listens. The dashboard has no login, so everyone who can reach the address can read your data.',
    ),
  HW_DASHBOARD_PORT: port.default(8080).describe('Port of the dashboard. 0 picks a free port.'),
  HW_DASHBOARD_HOST_NAMES: hostNames.describe(
    'Additional host names under which the dashboard can be reached. Requests for other host names are rejected, except for IP addresses, localhost, names without a dot, *.localhost, and *.internal.',
  ),
  HW_DASHBOARD_SERVICES: text
    .optional()
    .describe(
      'Services whose metrics the dashboard reads, as name=url, separated by commas, for example aggregator=http://127.0.0.1:9464. Repeat the name for each replica.',
    ),
  HW_PROMETHEUS_URL: url
    .optional()
    .describe(
      'Prometheus server from which the dashboard reads metrics, instead of HW_DASHBOARD_SERVICES. Its job labels must be the names of the services.',
    ),
  HW_DASHBOARD_SCRAPE_INTERVAL_MS: wholeNumber({ min: 1, max: 60_000 })
    .default(2_000)
    .describe(
      'Time between two reads of the metrics. A lower value shows changes sooner but makes more requests.',
    ),
  HW_DASHBOARD_QUERY_TIMEOUT_MS: wholeNumber({ min: 1, max: 60_000 })
    .default(30_000)
    .describe(
      'How long the store may take to answer a query. If it takes longer, the query fails.',
    ),
  HW_DASHBOARD_QUERIES_IN_FLIGHT_MAX: wholeNumber({ min: 1, max: 64 })
    .default(6)
    .describe(
      'Maximum number of queries that run in the store at the same time. Up to 64 more queries wait, and additional ones are rejected. A higher value serves more users at the same time but puts more load on the store.',
    ),
  HW_DASHBOARD_REQUESTS_PER_SECOND_MAX: wholeNumber({ min: 1, max: 10_000 })
    .default(100)
    .describe(
      'Maximum number of API requests per second and client. All clients together may send four times as many. Requests beyond the limit get status 429.',
    ),
};
