import { accountSettingOperations } from './account-settings.ts';
import { consumerOperations } from './consumers.ts';
import type { Operation } from './operation.ts';
import { policyOperations } from './policies.ts';
import { recordOperations } from './records.ts';
import { settingOperations } from './settings.ts';
import { shardOperations } from './shards.ts';
import { streamOperations } from './streams.ts';
import { subscribeOperations } from './subscribe.ts';
import { tagOperations } from './tags.ts';

/** Every available operation, by name. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    ...accountSettingOperations,
    ...consumerOperations,
    ...policyOperations,
    ...recordOperations,
    ...settingOperations,
    ...shardOperations,
    ...streamOperations,
    ...subscribeOperations,
    ...tagOperations,
  }),
);
