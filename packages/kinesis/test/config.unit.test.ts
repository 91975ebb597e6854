import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { consumerConfig, kinesisConfig } from '../src/index.ts';

const settings = z.object({ ...kinesisConfig, ...consumerConfig });

describe.each(['AWS_ENDPOINT_URL_KINESIS', 'AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL_S3'])(
  '%s',
  (name) => {
    it.each(['http://127.0.0.1:4567', 'https://kinesis.example'])('accepts %s', (url) => {
      expect(settings.parse({ [name]: url })).toMatchObject({ [name]: url });
    });

    // Without a scheme, the host name is read as one.
    it.each(['localhost:4567', 'ftp://127.0.0.1'])('rejects %s', (url) => {
      expect(settings.safeParse({ [name]: url }).error?.issues).toMatchObject([{ path: [name] }]);
    });
  },
);
