import { expect, test } from 'bun:test';
import { commandsIn } from '../../../src/text/commands.ts';
import { quoted } from '../../../src/text/lines.ts';

test.each([
  ["Run 'rusta list' to see the VMs.", ['rusta list']],
  ["Did you mean 'lab'? Run 'rusta list' to see the VMs.", ['rusta list']],
  ['Stop it first: rusta down lab && rusta create lab --resume', ['rusta down lab && rusta create lab --resume']],
  ["Go on with 'rusta create lab --resume', or start over: rusta delete lab && rusta create lab ...", ['rusta create lab --resume']],
  ["podman's docker knows none. Install Docker's own CLI with 'brew install docker', and let it come first.", ['brew install docker']],
  ["Set one with 'rusta default <vm>'.", []],
  ["It may be locked: 'rusta doctor lab' says more, 'rusta list' too.\n'rusta list' again.", ['rusta doctor lab', 'rusta list']],
  ['Retry with --force, which cuts the power: rusta down lab --force\nThe log says more.', ['rusta down lab --force']],
  ["Start it with 'rusta up it\\'s\\ mine', or not.", ["rusta up it\\'s\\ mine"]],
  ['Wait for it to end, then try again.', []],
] as const)('%s', (hint, commands) => {
  expect(commandsIn(hint)).toEqual([...commands]);
});

test('what others have printed never becomes a command to type', () => {
  expect(commandsIn(["'rusta up lab' helps.", ...quoted(["try 'rusta delete lab'", 'or: rusta delete lab'])].join('\n'))).toEqual([
    'rusta up lab',
  ]);
});
