/** `bun tests/scripts/schema.ts`: writes docs/rusta.schema.json anew, after a change of src/contract. */
import { join } from 'node:path';
import { schemaText } from '../../src/contract/schema.ts';

await Bun.write(join(import.meta.dir, '../../docs/rusta.schema.json'), `${schemaText()}\n`);
