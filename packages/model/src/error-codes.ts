/** The meaning of an error, and what a person can do about it. */
export interface ErrorText {
  readonly meaning: string;
  readonly fix: string;
}

/** Every code that a program logs or returns. Read by docs/reference/errors.md. */
export const errorCodes = {
  HW_CONFIG_INVALID: {
    meaning:
      'A setting has a value that is not allowed, or an HW_ variable has a name that no program knows.',
    fix: 'The message lists every wrong setting. Correct them, and start the program again.',
  },
  HW_SERVICE_PORT_TAKEN: {
    meaning: 'Another process already listens on the port.',
    fix: 'Stop the process that the message names, or set the setting it names to another port. Port 0 takes any free port.',
  },
  HW_SERVICE_DEAD_LETTERS: {
    meaning: 'Dead letters could not be written to disk. Their records do not count as processed.',
    fix: 'Free disk space, or correct the permissions of HW_DEAD_LETTERS_DIR. If the disk was full, the service continues without a restart.',
  },
  HW_SERVICE_BODY: {
    meaning: 'The body of an HTTP request was too large, arrived too slowly, or was incomplete.',
    fix: 'If the body was too large, send a smaller one. Otherwise, send the request again.',
  },
  HW_VIEWS_INVALID: {
    meaning: 'The views file describes something that cannot be computed.',
    fix: 'The message lists every problem with its line. Correct them, and check the file with npx highwater views check.',
  },
  HW_VIEWS_CHANGED: {
    meaning: 'The definition of a view has changed, but its revision has not.',
    fix: 'Give the view a higher revision, or undo the change.',
  },
  HW_WINDOWING_SNAPSHOT: {
    meaning: 'aggregator cannot read a snapshot of its open windows.',
    fix: 'A newer version may have written it: deploy that version. Otherwise, start once with HW_RECOVER=replay.',
  },
  HW_UPSERT_WRITER_SNAPSHOT: {
    meaning: 'upsert-writer cannot read a snapshot of its open rows.',
    fix: 'A newer version may have written it: deploy that version. Otherwise, start once with HW_RECOVER=replay.',
  },
  HW_KINESIS_CALL: {
    meaning: 'A call to Kinesis failed. The message names the call and the exception.',
    fix: 'Throttling and outages are retried. For a missing permission, allow the action that the message names. For a missing stream, check its name and region.',
  },
  HW_KINESIS_RECORD_TOO_LARGE: {
    meaning: 'A record is larger than the stream accepts.',
    fix: 'Send smaller records. If aggregator logs this error, it is a bug: report it.',
  },
  HW_KINESIS_PUT_TIMEOUT: {
    meaning: 'The stream did not accept records for so long that the service stopped trying.',
    fix: 'Check the last error in the message. If it is throttling, add shards to the stream. The service can be restarted without loss.',
  },
  HW_KINESIS_STATE: {
    meaning:
      'A snapshot is missing or damaged, and the service does not start the shard without it.',
    fix: 'Put a copy of the snapshot back, or start once with HW_RECOVER=replay.',
  },
  HW_KINESIS_STATE_STORE: {
    meaning: 'A call to the S3 bucket for snapshots failed.',
    fix: 'Outages are retried. For a missing permission or bucket, correct what the message names.',
  },
  HW_KINESIS_LEASE_LOST: {
    meaning: 'Another worker has taken over the shard.',
    fix: 'No action is needed. If it occurs often, the process probably pauses for too long: see the alert HighwaterEventLoopBlocked.',
  },
  HW_KINESIS_LEASE_TABLE: {
    meaning: 'A call to the lease table failed.',
    fix: 'Outages and throttling are retried. For a missing permission or table, correct what the message names.',
  },
  HW_KINESIS_LEASE_FILE: {
    meaning: 'The file of a lease is damaged or missing, so the position in its shard is unknown.',
    fix: 'Put back a copy of all leases and snapshots of the service. If you have no copy, remove them all, and the service reads its stream again from HW_KINESIS_START.',
  },
  HW_KINESIS_FILE_WRITE: {
    meaning: 'A lease or a snapshot could not be written to disk. The old file is unchanged.',
    fix: 'Free disk space, or correct the permissions of HW_STATE_DIR. If the disk was full, the service continues without a restart.',
  },
  HW_KINESIS_SET_ASIDE_LIMIT: {
    meaning:
      'Too many records of a shard cannot be processed, so the service is probably at fault, not the records.',
    fix: 'Go back to the version that worked, or deploy a fixed one. Then send the records from the dead letters again.',
  },
  HW_KINESIS_STREAM_REPLACED: {
    meaning:
      'The stream was deleted and created again, so the positions in the leases are invalid.',
    fix: 'Remove the leases and the snapshots of the service. It then reads the new stream from HW_KINESIS_START.',
  },
  HW_STORE_CONFIG: {
    meaning: 'The settings of the store contradict each other, or its password cannot be read.',
    fix: 'Correct what the message names: a setting, a file, or the permission to read a secret. Set only one of HW_STORE_PASSWORD, HW_STORE_PASSWORD_FILE, and HW_STORE_PASSWORD_SECRET.',
  },
  HW_STORE_QUERY_REFUSED: {
    meaning: 'The query is not valid, does more than read, or has too large a result.',
    fix: 'Correct the statement, or select less. The reply contains the line and the column of the error, if the store reports them.',
  },
  HW_STORE_UNAVAILABLE: {
    meaning: 'The store does not answer a query.',
    fix: 'Check that the store is running, and that the program that asks has the right address and permissions.',
  },
  HW_POSTGRES_CALL: {
    meaning:
      'PostgreSQL rejected a statement for a permanent reason, or a statement was retried without success for HW_STORE_GIVE_UP_AFTER_MS.',
    fix: 'The message names the action and the SQLSTATE. Outages and failovers are retried. For a missing permission, grant what the message names.',
  },
  HW_POSTGRES_SERVER: {
    meaning: 'The PostgreSQL server from npm cannot be started on this machine.',
    fix: 'Follow the message, which has the last lines of the log of the server.',
  },
  HW_CLICKHOUSE_CALL: {
    meaning:
      'ClickHouse rejected a statement for a permanent reason, or a statement was retried without success for HW_STORE_GIVE_UP_AFTER_MS.',
    fix: 'The message names the action and the code of the error. Outages are retried. For a missing permission, grant what the message names.',
  },
  HW_TIMESTREAM_CALL: {
    meaning:
      'A call to Timestream failed for a permanent reason, or was retried without success for HW_STORE_GIVE_UP_AFTER_MS.',
    fix: 'For a missing permission or table, correct what the message names. After an outage, start the service again, unless your platform does: it repeats its writes.',
  },
  HW_FLOW_SLOTS_BUSY: {
    meaning: 'Too many requests are already waiting for the server.',
    fix: 'Send the request again in a moment, or send fewer requests at the same time.',
  },
  HW_AWS_JSON_REFUSAL: {
    meaning:
      'A request to a local server is not an AWS API call that the server has, or is not allowed to reach it.',
    fix: 'The message gives the reason. Check the endpoint of the client, the host name that it uses, and the operation.',
  },
  HW_GENERATOR_FILE: {
    meaning: 'The generator cannot read the file of points.',
    fix: 'Check the path and the permissions of the file.',
  },
  HW_GENERATOR_ORDER: {
    meaning: 'The lines of the file of points are too far out of order to be sorted in memory.',
    fix: 'Sort the file by time. Or split it by time into several files, and send the earliest one first.',
  },
  HW_CLI_NO_SUCH_CONSUMER: {
    meaning: 'The stream has no consumer of this name.',
    fix: 'Use one of the names in the message.',
  },
  HW_CLI_COPY_STATE: {
    meaning:
      'The state file of highwater copy belongs to another copy, is damaged, or cannot be written.',
    fix: 'Correct what the message names, or name another file with --state. Without its state, a copy starts from the beginning, which changes nothing that is copied already.',
  },
  HW_CLI_NOTHING_TO_COPY: {
    meaning:
      'The source of highwater copy has no rows in the tables and the time that were chosen.',
    fix: 'Check the database and the table in --from, and --from-time and --to-time.',
  },
  HW_LOCAL_DATA_DIRECTORY: {
    meaning: 'npm start cannot use its data directory, or must not empty it.',
    fix: 'Follow the message, or choose another directory with --data-dir.',
  },
  HW_LOCAL_SERVICE_CRASHED: {
    meaning: 'A service of the local stack ended unexpectedly, or did not become ready in time.',
    fix: 'The message shows the last lines of its log. Correct the error in them, and start the stack again.',
  },
  HW_KINESIS_LOCAL_DATA: {
    meaning: 'kinesis-local cannot use its data directory: it is in use, damaged, or not readable.',
    fix: 'Follow the message. For a local stack, npm start -- --fresh starts with an empty directory.',
  },
  HW_TIMESTREAM_LOCAL_API: {
    meaning: 'timestream-local rejected a request, as Timestream would.',
    fix: 'Correct the request. The exception and its message give the reason.',
  },
  HW_TIMESTREAM_LOCAL_DATA_FILE: {
    meaning:
      'timestream-local cannot use its data file: it is in use, damaged, or of another program.',
    fix: 'Follow the message. For a local stack, npm start -- --fresh starts with an empty store.',
  },
  HW_TIMESTREAM_LOCAL_OUT_OF_SPACE: {
    meaning: 'timestream-local has no disk space for new rows.',
    fix: 'Free disk space. The same request then succeeds.',
  },
  HW_DASHBOARD_BUSY: {
    meaning: 'The dashboard receives more requests than it accepts.',
    fix: 'Send the request again in a second, or raise HW_DASHBOARD_REQUESTS_PER_SECOND_MAX or HW_DASHBOARD_QUERIES_IN_FLIGHT_MAX.',
  },
  HW_DASHBOARD_PAGE_MISSING: {
    meaning: 'The dashboard cannot build or find its page.',
    fix: 'Run npm ci, without --omit=dev, and start the dashboard again.',
  },
  HW_DASHBOARD_HOST: {
    meaning: 'The request uses a host name that the dashboard does not accept.',
    fix: 'If the name is a name of the dashboard, add it to HW_DASHBOARD_HOST_NAMES.',
  },
  HW_DASHBOARD_ORIGIN: {
    meaning: 'The request comes from a web page of another site.',
    fix: 'Call the API from a program, or from the dashboard itself.',
  },
  HW_DASHBOARD_NOT_FOUND: {
    meaning: 'The dashboard has no page or API call with this path.',
    fix: 'Correct the path. The API is described at /api/openapi.json.',
  },
  HW_DASHBOARD_REQUEST: {
    meaning: 'A parameter or the body of a request is wrong.',
    fix: 'Correct what the message names.',
  },
  HW_DASHBOARD_INTERNAL: {
    meaning: 'The dashboard failed. This is a bug.',
    fix: 'Report it with the error in the log of the dashboard.',
  },
} as const satisfies Readonly<Record<`HW_${string}`, ErrorText>>;

/** A closed set: a metrics label, and an anchor in docs/reference/errors.md. */
export type ErrorCode = keyof typeof errorCodes;
