import { expect, expectTypeOf, test } from 'bun:test';
import { invoke } from '../../../src/cli/invoke.ts';
import type create from '../../../src/commands/life/create.ts';
import type { ValuesOf } from '../../../src/commands/shared/args.ts';
import { type Context, command } from '../../../src/commands/shared/command.ts';
import { loginArgs, oneOf, optionalVm, passthrough, requiredVm, seconds } from '../../../src/commands/shared/kinds.ts';
import { scripted, UNAME } from '../../flows/scripted.ts';

const shared = { examples: [], requires: 'none', stdout: 'report' } as const;

test("a command gets citty's context, with the values of the strict step and the App", async () => {
  const { app } = scripted({ calls: [] });
  let seen: Context | undefined;
  const probe = command({
    ...shared,
    args: { vm: optionalVm },
    async run(context) {
      seen = context;
      return 7;
    },
  });
  // Words of which citty's own parser would make something else.
  const rawArgs = ['--no-vm', '--vm=other', '--', '-h'];
  expect(await invoke(probe, { vm: 'lab' }, rawArgs, app)).toBe(7);
  expect(seen?.args).toEqual({ vm: 'lab' });
  expect(seen?.data).toBe(app);
  expect(seen?.rawArgs).toEqual(rawArgs);
  expect(typeof seen?.cmd.run).toBe('function');
});

test('a command that returns nothing ends with 0', async () => {
  const { app } = scripted({ calls: [] });
  expect(await invoke(command({ ...shared, args: {}, run: async () => {} }), {}, [], app)).toBe(0);
});

test('when setup refuses the arguments, then the host is not even looked at; otherwise it is prepared before the command runs', async () => {
  const order: string[] = [];
  const { app, finish } = scripted({ calls: [{ ...UNAME, effect: () => order.push('uname') }] });
  const probe = (fails: boolean) =>
    command({
      ...shared,
      requires: 'mac',
      args: {},
      setup() {
        order.push('setup');
        if (fails) throw new Error('refused');
      },
      async run() {
        order.push('run');
      },
    });
  expect(await invoke(probe(true), {}, [], app).catch((error: unknown) => error)).toHaveProperty('message', 'refused');
  expect(order).toEqual(['setup']);
  expect(await invoke(probe(false), {}, [], app)).toBe(0);
  expect(order).toEqual(['setup', 'setup', 'uname', 'run']);
  finish();
});

test('the types of the values follow from the definitions', () => {
  const args = {
    vm: requiredVm,
    other: optionalVm,
    yes: { type: 'boolean', description: '' },
    timeout: { type: 'string', valueHint: 'secs', default: '60', ...seconds({ min: 1, max: 60 }), description: '' },
    state: { type: 'positional', required: false, ...oneOf({ on: true, off: false }), description: '' },
    ...loginArgs,
    rest: passthrough(''),
  } as const;
  expectTypeOf<ValuesOf<typeof args>>().toEqualTypeOf<{
    readonly vm: string;
    readonly other: string | undefined;
    readonly yes: boolean;
    readonly timeout: number;
    readonly state: boolean | undefined;
    readonly user: string | undefined;
    readonly password: string | undefined;
    readonly rest: readonly string[];
  }>();
  expectTypeOf<ValuesOf<typeof create.args>['cpus']>().toEqualTypeOf<number | undefined>();
  expectTypeOf<ValuesOf<typeof create.args>['user']>().toEqualTypeOf<string | undefined>();
  command({
    ...shared,
    args,
    // @ts-expect-error a mistyped key does not compile
    run: async ({ args: { timout } }) => timout,
  });
});
