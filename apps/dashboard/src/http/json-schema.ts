import { z } from 'zod';

/** A schema as read by the documentation and the server's serializer. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The JSON Schema of a reply (`output`) or a request (`input`).
 *
 * A nullable value is written as `type: [_, 'null']`, which the serializer compiles to a comparison.
 * With `anyOf`, a validator would check every value.
 */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    override: (each) => foldNull(each.jsonSchema),
  });
  return rest;
}

function foldNull(schema: JsonSchema): void {
  const [some, none, ...others] = schema.anyOf ?? [];
  if (typeof some !== 'object' || typeof none !== 'object' || others.length > 0) return;
  if (none.type !== 'null' || typeof some.type !== 'string') return;
  const { description = some.description } = schema;
  delete schema.anyOf;
  Object.assign(schema, some, { type: [some.type, 'null'] });
  if (description !== undefined) schema.description = description;
}
