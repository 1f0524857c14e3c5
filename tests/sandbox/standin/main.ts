/** One binary, many programs: which one is decided by the name it was started under. */
import { basename } from 'node:path';
import { createContext } from './context.ts';
import { strikeFaults } from './faults.ts';
import { Exit, err } from './io.ts';
import { programs, unseen } from './programs.ts';
import { recordCall } from './record.ts';

const { SANDBOX: root, GUEST_ROOT: guestRoot, SANDBOX_UNSEEN: isOurs } = process.env;
const name = basename(process.argv0);
const inGuest = guestRoot !== undefined;
const program = inGuest && !unseen.has(name) ? `guest:${name}` : name;
const context = createContext(root, program, process.argv.slice(2));

try {
  const load = programs[program] ?? (inGuest ? programs['guest:*'] : undefined);
  if (!load) throw new Error(`no stand-in for ${program}`);
  if (!unseen.has(program) && isOurs === undefined) {
    recordCall(context);
    await strikeFaults(context);
  }
  const main = await load();
  process.exit(await main(context));
} catch (error) {
  if (!(error instanceof Exit)) err(`stand-in ${program}: ${error instanceof Error ? error.stack : String(error)}`);
  process.exit(error instanceof Exit ? error.code : 70);
}
