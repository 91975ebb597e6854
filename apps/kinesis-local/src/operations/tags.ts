import { ServiceException } from '@highwater/kinesis-engine';
import { resourceArn, streamReference, tags } from '../request/common-members.ts';
import { integer, list, required, structure, text } from '../request/member.ts';
import { findResource, streamResource, type Resource } from './find-resource.ts';
import { findStream } from './find-stream.ts';
import { operation, type OperationContext, type Operations } from './operation.ts';

type Tags = ReadonlyMap<string, string>;

/** Maximum tags of one stream or consumer. */
const tagsMax = 50;
const tagKey = text({ lengthMin: 1, lengthMax: 128 });
const tagKeys = required(list(required(tagKey), 1, 50));

const addToStream = operation(
  structure({ ...streamReference, Tags: required(tags) }),
  (request, context) => change(streamResource(findStream(request, context)), request.Tags, context),
);

const removeFromStream = operation(
  structure({ ...streamReference, TagKeys: tagKeys }),
  (request, context) =>
    removeTags(streamResource(findStream(request, context)), request.TagKeys, context),
);

const listForStream = operation(
  structure({ ...streamReference, ExclusiveStartTagKey: tagKey, Limit: integer(1, 50) }),
  (request, context) => {
    const { ExclusiveStartTagKey: after = '', Limit = 50 } = request;
    const rest = describeTags(findStream(request, context).settings.tags).filter(
      ({ Key }) => Key > after,
    );
    return { Tags: rest.slice(0, Limit), HasMoreTags: rest.length > Limit };
  },
);

const tagResource = operation(
  structure({ ResourceARN: required(resourceArn), Tags: required(tags) }),
  (request, context) => change(findResource(request.ResourceARN, context), request.Tags, context),
);

const untagResource = operation(
  structure({ ResourceARN: required(resourceArn), TagKeys: tagKeys }),
  (request, context) =>
    removeTags(findResource(request.ResourceARN, context), request.TagKeys, context),
);

const listForResource = operation(
  structure({ ResourceARN: required(resourceArn) }),
  (request, context) => ({ Tags: describeTags(findResource(request.ResourceARN, context).tags) }),
);

async function change(resource: Resource, added: Tags, context: OperationContext): Promise<void> {
  const changed = new Map([...resource.tags, ...added]);
  if (changed.size > tagsMax) {
    throw new ServiceException(
      'InvalidArgumentException',
      `A resource has at most ${tagsMax} tags; this would make it ${changed.size}.`,
    );
  }
  resource.change({ tags: changed });
  await context.account.save();
}

async function removeTags(
  resource: Resource,
  keys: readonly string[],
  context: OperationContext,
): Promise<void> {
  resource.change({
    tags: new Map([...resource.tags].filter(([key]) => !keys.includes(key))),
  });
  await context.account.save();
}

function describeTags(given: Tags): { readonly Key: string; readonly Value: string }[] {
  const all = Array.from(given, ([Key, Value]) => ({ Key, Value }));
  return all.toSorted((a, b) => (a.Key < b.Key ? -1 : 1));
}

export const tagOperations: Operations = {
  AddTagsToStream: addToStream,
  ListTagsForResource: listForResource,
  ListTagsForStream: listForStream,
  RemoveTagsFromStream: removeFromStream,
  TagResource: tagResource,
  UntagResource: untagResource,
};
