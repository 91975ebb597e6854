import { ServiceException } from '@highwater/kinesis-engine';
import { resourceArn } from '../request/common-members.ts';
import { required, structure, text } from '../request/member.ts';
import { findResource, type Resource } from './find-resource.ts';
import { operation, type OperationContext, type Operations } from './operation.ts';

/** The service's answer when there is no policy. */
const emptyPolicy = '{}';

const reference = structure({ ResourceARN: required(resourceArn) });

const put = operation(
  structure({ ResourceARN: required(resourceArn), Policy: required(text()) }),
  async (request, context) => {
    const resource = findActive(request.ResourceARN, context);
    checkPolicy(request.Policy);
    resource.change({ policy: request.Policy });
    await context.account.save();
  },
);

const get = operation(reference, (request, context) => ({
  Policy: findActive(request.ResourceARN, context).policy ?? emptyPolicy,
}));

const remove = operation(reference, async (request, context) => {
  const { ResourceARN: arn } = request;
  const resource = findActive(arn, context);
  if (resource.policy === undefined) {
    throw new ServiceException(
      'ResourceNotFoundException',
      `No resource policy found for resource ARN ${arn}.`,
    );
  }
  resource.change({ policy: undefined });
  await context.account.save();
});

function findActive(arn: string, context: OperationContext): Resource {
  const resource = findResource(arn, context);
  context.account.activeStream(resource.stream.streamName);
  return resource;
}

/** Only the form is checked, because policies restrict nobody here. */
function checkPolicy(policy: string): void {
  let document: unknown;
  try {
    document = JSON.parse(policy);
  } catch {
    document = undefined;
  }
  if (typeof document === 'object' && document !== null && !Array.isArray(document)) return;
  throw new ServiceException('InvalidArgumentException', 'The policy is not a JSON object.');
}

export const policyOperations: Operations = {
  DeleteResourcePolicy: remove,
  GetResourcePolicy: get,
  PutResourcePolicy: put,
};
