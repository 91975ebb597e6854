import { ApiError } from '../http/api-error.ts';
import { checkShape } from '../http/check-shape.ts';
import type { JsonObject, Operations } from '../http/operation.ts';
import type { Tag } from '../store/catalog-types.ts';
import { databaseArn, parseArn, tableArn } from './arn.ts';
import { findDatabase, findTable } from './find.ts';
import { tagShapes } from './shapes.ts';
import type { WriteContext } from './write-context.ts';

const tagsMax = 200;

interface Input {
  readonly ResourceARN: string;
  readonly Tags: readonly Tag[];
  readonly TagKeys: readonly string[];
}

/** The operations on tags; both services have them, and mean the same. */
export function tagOperations(context: WriteContext): Operations {
  const { store } = context;
  const change = (arn: string, edit: (tags: readonly Tag[]) => readonly Tag[]) =>
    store.exclusively(async (writer) => {
      const known = knownArn(context, arn);
      await store.catalog.putTags(writer, known, edit(store.catalog.tags(known)));
      return {};
    });
  return {
    ListTagsForResource: (input) => {
      checkShape(tagShapes.list, input);
      return { Tags: store.catalog.tags(knownArn(context, asInput(input).ResourceARN)) };
    },
    TagResource: async (input) => {
      checkShape(tagShapes.add, input);
      const { ResourceARN, Tags } = asInput(input);
      return change(ResourceARN, (before) => {
        const merged = new Map([...before, ...Tags].map(({ Key, Value }) => [Key, Value]));
        if (merged.size > tagsMax) {
          throw new ApiError(
            'ServiceQuotaExceededException',
            `A resource has at most ${tagsMax} tags.`,
          );
        }
        return [...merged].map(([Key, Value]) => ({ Key, Value }));
      });
    },
    UntagResource: async (input) => {
      checkShape(tagShapes.remove, input);
      const { ResourceARN, TagKeys } = asInput(input);
      return change(ResourceARN, (before) => before.filter(({ Key }) => !TagKeys.includes(Key)));
    },
  };
}

/**
 * This server's ARN of the resource, because clients may have built theirs with another region or
 * account.
 */
function knownArn({ store, region }: WriteContext, arn: string): string {
  const names = parseArn(arn);
  if (!names) throw new ApiError('ValidationException', `The resource ARN ${arn} is invalid.`);
  if (names.table === undefined) {
    return databaseArn(region, findDatabase(store.catalog, names.database).name);
  }
  const { info } = findTable(store.catalog, names.database, names.table);
  return tableArn(region, info.databaseName, info.name);
}

/** The shape is checked before. */
function asInput(input: JsonObject): Input {
  return input as unknown as Input;
}
