import { ServiceException } from '@highwater/kinesis-engine';
import { oneOf, required, structure } from '../request/member.ts';
import { operation, type Operations } from './operation.ts';

/** Nothing is billed here, so there is no throughput to commit to. */
const settings = { MinimumThroughputBillingCommitment: { Status: 'DISABLED' } };

const describe = operation(structure({}), () => settings);

const update = operation(
  structure({
    MinimumThroughputBillingCommitment: required(
      structure({ Status: required(oneOf('ENABLED', 'DISABLED')) }),
    ),
  }),
  ({ MinimumThroughputBillingCommitment: { Status: status } }) => {
    if (status === 'DISABLED') return settings;
    throw new ServiceException(
      'InvalidArgumentException',
      'MinimumThroughputBillingCommitment can not be ENABLED: nothing is billed on this server.',
    );
  },
);

export const accountSettingOperations: Operations = {
  DescribeAccountSettings: describe,
  UpdateAccountSettings: update,
};
