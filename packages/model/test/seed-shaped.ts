/** The members of a point, with texts for all values as the original generator writes them. */
export const seedShaped = {
  MeasureName: 'cpu_user',
  MeasureValue: '35.2',
  MeasureValueType: 'DOUBLE',
  Time: '1700000000',
  TimeUnit: 'SECONDS',
  region: 'us_east_1',
  instance_name: 'i-zaZswmJk-apollo-0000.amazonaws.com',
};
