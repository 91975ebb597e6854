import type { StoreWriter } from '../store/store-writer.ts';
import { ApiError } from '../http/api-error.ts';
import { checkShape } from '../http/check-shape.ts';
import type { JsonObject, Operations } from '../http/operation.ts';
import type { DatabaseInfo, Tag } from '../store/catalog-types.ts';
import { databaseArn } from './arn.ts';
import { findDatabase } from './find.ts';
import { page } from './page.ts';
import { databaseShapes } from './shapes.ts';
import type { WriteContext } from './write-context.ts';

const databasesMax = 500;

interface Input {
  readonly DatabaseName: string;
  readonly KmsKeyId?: string | undefined;
  readonly Tags?: readonly Tag[] | undefined;
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/** The operations on databases. */
export function databaseOperations(context: WriteContext): Operations {
  const { store } = context;
  return {
    CreateDatabase: async (input) => {
      checkShape(databaseShapes.create, input);
      return store.exclusively((writer) => create(context, writer, asInput(input)));
    },
    DescribeDatabase: (input) => {
      checkShape(databaseShapes.named, input);
      return describe(context, findDatabase(store.catalog, asInput(input).DatabaseName));
    },
    ListDatabases: (input) => {
      checkShape(databaseShapes.list, input);
      const { items, ...token } = page(store.catalog.databases(), nameOf, asInput(input));
      return { Databases: items.map((info) => describe(context, info).Database), ...token };
    },
    UpdateDatabase: async (input) => {
      checkShape(databaseShapes.update, input);
      const { DatabaseName, KmsKeyId } = asInput(input);
      return store.exclusively(async (writer) => {
        const info = findDatabase(store.catalog, DatabaseName);
        const kmsKeyId = KmsKeyId ?? info.kmsKeyId;
        await store.catalog.putDatabase(writer, {
          ...info,
          kmsKeyId,
          updatedMs: context.nowMs(),
        });
        return describe(context, findDatabase(store.catalog, DatabaseName));
      });
    },
    DeleteDatabase: async (input) => {
      checkShape(databaseShapes.named, input);
      const { DatabaseName } = asInput(input);
      return store.exclusively(async (writer) => {
        findDatabase(store.catalog, DatabaseName);
        if (store.catalog.tables(DatabaseName).length > 0) {
          throw new ApiError(
            'ValidationException',
            `The database ${DatabaseName} still has tables. Delete them first.`,
          );
        }
        await store.catalog.dropDatabase(writer, DatabaseName);
        await store.catalog.putTags(writer, databaseArn(context.region, DatabaseName), []);
        return {};
      });
    },
  };
}

async function create(
  context: WriteContext,
  writer: StoreWriter,
  { DatabaseName, KmsKeyId, Tags }: Input,
): Promise<object> {
  const { catalog } = context.store;
  if (catalog.database(DatabaseName)) {
    throw new ApiError(
      'ConflictException',
      `A database already exists with the name: ${DatabaseName}`,
    );
  }
  if (catalog.databases().length >= databasesMax) {
    throw new ApiError(
      'ServiceQuotaExceededException',
      `The account has reached the limit of ${databasesMax} databases.`,
    );
  }
  const nowMs = context.nowMs();
  const arn = databaseArn(context.region, DatabaseName);
  await catalog.putDatabase(writer, {
    name: DatabaseName,
    kmsKeyId: KmsKeyId ?? `arn:aws:kms:${context.region}:000000000000:key/local`,
    createdMs: nowMs,
    updatedMs: nowMs,
  });
  await catalog.putTags(writer, arn, Tags ?? []);
  return describe(context, findDatabase(catalog, DatabaseName));
}

function describe({ store, region }: WriteContext, info: DatabaseInfo) {
  return {
    Database: {
      Arn: databaseArn(region, info.name),
      DatabaseName: info.name,
      TableCount: store.catalog.tables(info.name).length,
      KmsKeyId: info.kmsKeyId,
      CreationTime: info.createdMs / 1000,
      LastUpdatedTime: info.updatedMs / 1000,
    },
  };
}

function nameOf({ name }: DatabaseInfo): string {
  return name;
}

/** The shape is checked before. */
function asInput(input: JsonObject): Input {
  return input as unknown as Input;
}
