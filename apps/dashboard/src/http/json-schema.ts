import { z } from 'zod';

/** A schema as read by the documentation and the server's serializer. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The JSON Schema of what is sent (`output`) or taken (`input`).
 *
 * What may be null is written as `type: [_, 'null']`: the serialiser compiles that to a comparison,
 * where `anyOf` would have a validator look at every value.
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
