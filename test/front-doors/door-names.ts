/** Every kind of port. */
export const doorNames = [
  'kinesis-local',
  'kinesis-local within TLS',
  'timestream-local',
  'timestream-local within TLS',
  'the dashboard',
  'a health port',
];
