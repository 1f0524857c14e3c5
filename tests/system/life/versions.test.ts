import { describe } from 'bun:test';
import { registryCases } from '../../e2e/lists/registry-cases.ts';
import { whyUnsupported } from '../../registry/packages.ts';

const why = whyUnsupported();
if (why !== undefined) console.error(`skipped: ${why}`);
describe.skipIf(why !== undefined)('before a real registry', () => registryCases('real'));
