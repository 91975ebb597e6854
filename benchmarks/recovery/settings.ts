/** The defaults of the services, in place of those that make tests short. */
export const asInProduction = {
  HW_LEASES_DURATION_MS: '10000',
  HW_LEASES_INTERVAL_MS: '1000',
  HW_KINESIS_READ_INTERVAL_MS: '200',
  HW_KINESIS_POLL_INTERVAL_MS: '1000',
  HW_KINESIS_IDLE_AFTER_MS: '10000',
  HW_KINESIS_CHECKPOINT_INTERVAL_MS: '10000',
  HW_KINESIS_SHARD_SYNC_INTERVAL_MS: '10000',
};
