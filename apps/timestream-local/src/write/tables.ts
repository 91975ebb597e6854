import type { StoreWriter } from '../store/store-writer.ts';
import { ApiError } from '../http/api-error.ts';
import { checkShape } from '../http/check-shape.ts';
import type { JsonObject, Operations } from '../http/operation.ts';
import type { TableInfo, Tag } from '../store/catalog-types.ts';
import type { TableState } from '../store/table-state.ts';
import { tableArn } from './arn.ts';
import { findDatabase, findTable } from './find.ts';
import { page } from './page.ts';
import { tableShapes } from './shapes.ts';
import { readTableSettings, type TableSettingsInput } from './table-settings.ts';
import type { WriteContext } from './write-context.ts';

const tablesMax = 50_000;

interface Input extends TableSettingsInput {
  readonly DatabaseName: string;
  readonly TableName: string;
  readonly Tags?: readonly Tag[] | undefined;
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/** The operations on tables. */
export function tableOperations(context: WriteContext): Operations {
  const { store } = context;
  const found = ({ DatabaseName, TableName }: Input) =>
    findTable(store.catalog, DatabaseName, TableName);
  return {
    CreateTable: async (input) => {
      checkShape(tableShapes.create, input);
      return store.exclusively((writer) => create(context, writer, asInput(input)));
    },
    DescribeTable: (input) => {
      checkShape(tableShapes.named, input);
      return { Table: describe(context, found(asInput(input)).info) };
    },
    ListTables: (input) => {
      checkShape(tableShapes.list, input);
      const { items, ...token } = page(listed(context, asInput(input)), keyOf, asInput(input));
      return { Tables: items.map(({ info }) => describe(context, info)), ...token };
    },
    UpdateTable: async (input) => {
      checkShape(tableShapes.update, input);
      return store.exclusively(async (writer) => {
        const table = found(asInput(input));
        const settings = readTableSettings(asInput(input), context.nowMs(), table.info.settings);
        await store.catalog.changeTable(writer, table, {
          settings,
          updatedMs: context.nowMs(),
        });
        return { Table: describe(context, table.info) };
      });
    },
    DeleteTable: async (input) => {
      checkShape(tableShapes.named, input);
      return store.exclusively(async (writer) => {
        const table = found(asInput(input));
        const { databaseName, name } = table.info;
        await store.catalog.dropTable(writer, table);
        await store.catalog.putTags(writer, tableArn(context.region, databaseName, name), []);
        return {};
      });
    },
  };
}

async function create(context: WriteContext, writer: StoreWriter, input: Input): Promise<object> {
  const { DatabaseName, TableName, Tags } = input;
  const { catalog } = context.store;
  findDatabase(catalog, DatabaseName);
  if (catalog.table(DatabaseName, TableName)) {
    throw new ApiError('ConflictException', `A table already exists with the name: ${TableName}`);
  }
  const count = catalog.databases().flatMap(({ name }) => catalog.tables(name)).length;
  if (count >= tablesMax) {
    throw new ApiError(
      'ServiceQuotaExceededException',
      `The account has reached the limit of ${tablesMax} tables.`,
    );
  }
  const { info } = await catalog.addTable(writer, {
    databaseName: DatabaseName,
    name: TableName,
    createdMs: context.nowMs(),
    settings: readTableSettings(input, context.nowMs()),
  });
  await catalog.putTags(writer, tableArn(context.region, DatabaseName, TableName), Tags ?? []);
  return { Table: describe(context, info) };
}

/** Of one database, or of all. */
function listed({ store }: WriteContext, { DatabaseName }: Input): readonly TableState[] {
  const { catalog } = store;
  if ((DatabaseName ?? undefined) !== undefined) {
    findDatabase(catalog, DatabaseName);
    return catalog.tables(DatabaseName);
  }
  return catalog.databases().flatMap(({ name }) => catalog.tables(name));
}

function keyOf({ info }: TableState): string {
  // A blank is below every character that a name can have, so the order is that of the list.
  return `${info.databaseName} ${info.name}`;
}

function describe({ region }: WriteContext, info: TableInfo): object {
  const { databaseName, name, settings, createdMs, updatedMs } = info;
  const { rejectedDataLocation } = settings;
  return {
    Arn: tableArn(region, databaseName, name),
    TableName: name,
    DatabaseName: databaseName,
    TableStatus: 'ACTIVE',
    RetentionProperties: {
      MemoryStoreRetentionPeriodInHours: settings.memoryHours,
      MagneticStoreRetentionPeriodInDays: settings.magneticDays,
    },
    CreationTime: createdMs / 1000,
    LastUpdatedTime: updatedMs / 1000,
    MagneticStoreWriteProperties: {
      EnableMagneticStoreWrites: settings.magneticWrites,
      ...(rejectedDataLocation ? { MagneticStoreRejectedDataLocation: rejectedDataLocation } : {}),
    },
    Schema: { CompositePartitionKey: settings.partitionKeys },
  };
}

/** The shape is checked before. */
function asInput(input: JsonObject): Input {
  return input as unknown as Input;
}
