import { boolean, integer, list, required, string, structure, type Shape } from '../http/shape.ts';

/** Names of existing databases and tables. */
export const resourceName = string({ lengthMin: 3, lengthMax: 256 });

/** Names of databases and tables to be created. */
export const newResourceName = string({
  lengthMin: 3,
  lengthMax: 256,
  pattern: /^[a-zA-Z0-9_.-]+$/,
});

export const valueTypes = ['DOUBLE', 'BIGINT', 'VARCHAR', 'BOOLEAN', 'TIMESTAMP', 'MULTI'] as const;

export const timeUnits = ['MILLISECONDS', 'SECONDS', 'MICROSECONDS', 'NANOSECONDS'] as const;

const dimension = structure({
  Name: required(string({ lengthMin: 1, lengthMax: 60 })),
  Value: required(string()),
  DimensionValueType: string({ values: ['VARCHAR'] }),
});

const measureValue = structure({
  Name: required(string({ lengthMin: 1, lengthMax: 256 })),
  Value: required(string({ lengthMin: 1, lengthMax: 2048 })),
  Type: required(string({ values: valueTypes })),
});

const record = structure({
  Dimensions: list(dimension, 0, 128),
  MeasureName: string({ lengthMin: 1, lengthMax: 256 }),
  MeasureValue: string({ lengthMin: 1, lengthMax: 2048 }),
  MeasureValueType: string({ values: valueTypes }),
  MeasureValues: list(measureValue),
  Time: string({ lengthMin: 1, lengthMax: 256 }),
  TimeUnit: string({ values: timeUnits }),
  Version: integer(),
});

export const writeRecordsShape = structure({
  DatabaseName: required(resourceName),
  TableName: required(resourceName),
  CommonAttributes: record,
  Records: required(list(record, 1, 100)),
});

const retention = structure({
  MemoryStoreRetentionPeriodInHours: required(integer(1, 8766)),
  MagneticStoreRetentionPeriodInDays: required(integer(1, 73_000)),
});

const magneticStore = structure({
  EnableMagneticStoreWrites: required(boolean),
  MagneticStoreRejectedDataLocation: structure({
    S3Configuration: structure({
      BucketName: string({ lengthMin: 3, lengthMax: 63 }),
      ObjectKeyPrefix: string({ lengthMin: 1, lengthMax: 928 }),
      EncryptionOption: string({ values: ['SSE_S3', 'SSE_KMS'] }),
      KmsKeyId: string({ lengthMin: 1, lengthMax: 2048 }),
    }),
  }),
});

const schema = structure({
  CompositePartitionKey: list(
    structure({
      Type: required(string({ values: ['DIMENSION', 'MEASURE'] })),
      Name: string({ lengthMin: 1 }),
      EnforcementInRecord: string({ values: ['REQUIRED', 'OPTIONAL'] }),
    }),
    1,
  ),
});

export const tags: Shape = list(
  structure({
    Key: required(string({ lengthMin: 1, lengthMax: 128 })),
    Value: required(string({ lengthMax: 256 })),
  }),
  0,
  200,
);

const tableSettings = {
  RetentionProperties: retention,
  MagneticStoreWriteProperties: magneticStore,
  Schema: schema,
};

export const databaseShapes = {
  create: structure({ DatabaseName: required(newResourceName), KmsKeyId: string(), Tags: tags }),
  named: structure({ DatabaseName: required(resourceName) }),
  update: structure({
    DatabaseName: required(resourceName),
    KmsKeyId: required(string({ lengthMin: 1, lengthMax: 2048 })),
  }),
  list: structure({ NextToken: string(), MaxResults: integer(1, 20) }),
};

export const tableShapes = {
  create: structure({
    DatabaseName: required(newResourceName),
    TableName: required(newResourceName),
    ...tableSettings,
    Tags: tags,
  }),
  named: structure({ DatabaseName: required(resourceName), TableName: required(resourceName) }),
  update: structure({
    DatabaseName: required(resourceName),
    TableName: required(resourceName),
    ...tableSettings,
  }),
  list: structure({ DatabaseName: resourceName, NextToken: string(), MaxResults: integer(1, 20) }),
};

const arn = string({ lengthMin: 1, lengthMax: 1011 });

export const tagShapes = {
  list: structure({ ResourceARN: required(arn) }),
  add: structure({ ResourceARN: required(arn), Tags: required(tags) }),
  remove: structure({
    ResourceARN: required(arn),
    TagKeys: required(list(string({ lengthMin: 1, lengthMax: 128 }), 0, 200)),
  }),
};
