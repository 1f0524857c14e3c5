import { type CommandContext, runCommand } from 'citty';
import type { App } from '../app.ts';
import type { Command, Context } from '../commands/shared/command.ts';
import { prepareHost } from '../vm/preflight.ts';

/**
 * Has citty run a command, and resolves with its exit code. citty's own parser gets no definitions, because it accepts nearly
 * anything; the values of the strict step take the place of its values.
 */
export async function invoke(command: Command, args: Context['args'], rawArgs: readonly string[], app: App): Promise<number> {
  const complete = (context: CommandContext): Context => ({ ...context, args, data: app });
  const { result } = await runCommand(
    {
      args: {},
      async setup(context) {
        command.setup?.(complete(context));
        await prepareHost(app, command.requires);
      },
      run: (context) => command.run(complete(context)),
    },
    { rawArgs: [...rawArgs] },
  );
  return typeof result === 'number' ? result : 0;
}
