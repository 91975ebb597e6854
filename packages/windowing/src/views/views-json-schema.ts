import { z } from 'zod';
import { viewsFileSchema } from './view-schema.ts';

/** The JSON Schema of a views file, for editors. Fields that do not go together it cannot tell. */
export function viewsJsonSchema(): object {
  return {
    ...z.toJSONSchema(viewsFileSchema, { io: 'input' }),
    title: 'Highwater views',
  };
}
