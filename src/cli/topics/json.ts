import { schemaText } from '../../contract/schema.ts' with { type: 'macro' };

/** The JSON Schema, made when rusta is built: the code that makes it stays out of the program. */
export const JSON_SCHEMA: string = schemaText();
