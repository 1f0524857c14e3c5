import { schemaText } from '../../contract/schema.ts' with { type: 'macro' };

/** The JSON Schema as it was when rusta was built: what makes it stays out of the program. */
export const JSON_SCHEMA: string = schemaText();
