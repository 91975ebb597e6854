import { hostNamesSetting } from '@highwater/service/front-door';
import { z } from 'zod';

const name = z.string().regex(/^[a-zA-Z0-9_.-]{3,256}$/, 'must be 3 to 256 of a-z A-Z 0-9 _ . -');
const count = (max: number) => z.coerce.number().int().min(1).max(max);

/** The dashboard's settings: environment variable name -> schema. */
export const dashboardConfig = {
  HW_DASHBOARD_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address that the page listens on; it has no login, so think before 0.0.0.0'),
  HW_DASHBOARD_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .describe('Port of the page, 0 to 65535; 0 takes a free one'),
  HW_DASHBOARD_HOST_NAMES: hostNamesSetting('the page'),
  AWS_REGION: z.string().min(1).default('us-east-1').describe('AWS region'),
  AWS_ENDPOINT_URL_TIMESTREAM_QUERY: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Timestream query endpoint; unset for AWS. With http:// any credentials do'),
  HW_TIMESTREAM_DATABASE: name.default('highwater').describe('Database of the tables'),
  HW_TIMESTREAM_TABLE: name.default('metrics').describe('Table of raw points and view rows'),
  HW_TIMESTREAM_CORRECTIONS_TABLE: name
    .default('corrections')
    .describe('Table of what the upsert writer corrected'),
  HW_DASHBOARD_SERVICES: z
    .string()
    .optional()
    .describe('Services to scrape, name=url separated by commas; a name may come twice'),
  HW_PROMETHEUS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Prometheus server to ask instead of scraping the services'),
  HW_DASHBOARD_SCRAPE_INTERVAL_MS: count(60_000)
    .default(2_000)
    .describe('Time between two looks at the services'),
  HW_DASHBOARD_QUERY_TIMEOUT_MS: count(60_000)
    .default(30_000)
    .describe('How long the store may take to answer one query'),
  HW_DASHBOARD_QUERIES_IN_FLIGHT_MAX: count(64)
    .default(6)
    .describe('Queries to the store under way at once; more wait, then are refused'),
  HW_DASHBOARD_REQUESTS_PER_SECOND_MAX: count(10_000)
    .default(100)
    .describe('Requests to the API beyond it are answered with 429'),
  HW_DEAD_LETTERS_DIR: z
    .string()
    .default('.highwater/dead-letters')
    .describe('Directory of the dead letters, NDJSON files of each service'),
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type DashboardConfig = z.output<z.ZodObject<typeof dashboardConfig>>;
