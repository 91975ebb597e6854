import { z } from 'zod';
import { viewsFileSchema } from './view-schema.ts';

/** The JSON Schema of a views file, for editors. It does not reject invalid combinations of fields. */
export function viewsJsonSchema(): object {
  return {
    ...z.toJSONSchema(viewsFileSchema, { io: 'input' }),
    title: 'Highwater views',
  };
}
