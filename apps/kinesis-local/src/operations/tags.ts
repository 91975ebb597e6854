import { ServiceException, type MemoryStream } from '@highwater/testkit/stream';
import { resourceArn, streamReference, tags } from '../request/common-members.ts';
import { integer, list, required, structure, text } from '../request/member.ts';
import { findStream } from './find-stream.ts';
import { operation, type OperationContext, type Operations } from './operation.ts';

type Tags = ReadonlyMap<string, string>;

/** Tags of one stream or consumer, at most. */
const tagsMax = 50;
const tagKey = text({ lengthMin: 1, lengthMax: 128 });
const tagKeys = required(list(required(tagKey), 1, 50));

const addToStream = operation(
  structure({ ...streamReference, Tags: required(tags) }),
  (request, context) => change(streamTags(findStream(request, context)), request.Tags, context),
);

const removeFromStream = operation(
  structure({ ...streamReference, TagKeys: tagKeys }),
  (request, context) =>
    removeTags(streamTags(findStream(request, context)), request.TagKeys, context),
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
  (request, context) => change(findTagged(request.ResourceARN, context), request.Tags, context),
);

const untagResource = operation(
  structure({ ResourceARN: required(resourceArn), TagKeys: tagKeys }),
  (request, context) =>
    removeTags(findTagged(request.ResourceARN, context), request.TagKeys, context),
);

const listForResource = operation(
  structure({ ResourceARN: required(resourceArn) }),
  (request, context) => ({ Tags: describeTags(findTagged(request.ResourceARN, context).tags) }),
);

/** Something with tags. */
interface Tagged {
  readonly tags: Tags;
  readonly set: (changed: Tags) => void;
}

function streamTags({ settings }: MemoryStream): Tagged {
  return {
    tags: settings.tags,
    set: (changed) => {
      settings.tags = changed;
    },
  };
}

function findTagged(arn: string, { account }: OperationContext): Tagged {
  if (!arn.includes('/consumer/')) return streamTags(account.streamByArn(arn));
  const { stream, consumer } = account.consumerByArn(arn);
  return {
    tags: consumer.tags,
    set: (changed) => {
      stream.consumers.set(consumer.consumerName, { ...consumer, tags: changed });
    },
  };
}

async function change(tagged: Tagged, added: Tags, context: OperationContext): Promise<void> {
  const changed = new Map([...tagged.tags, ...added]);
  if (changed.size > tagsMax) {
    throw new ServiceException(
      'InvalidArgumentException',
      `A resource has at most ${tagsMax} tags; this would make it ${changed.size}.`,
    );
  }
  tagged.set(changed);
  await context.account.save();
}

async function removeTags(
  tagged: Tagged,
  keys: readonly string[],
  context: OperationContext,
): Promise<void> {
  tagged.set(new Map([...tagged.tags].filter(([key]) => !keys.includes(key))));
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
