import { expect, test } from 'bun:test';
import { createMac } from '../../sandbox/mac.ts';
import { TEST_MS } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';

// Without jq they cannot be tried; CI has it (.ci/run).
test.skipIf(Bun.which('jq') === null)(
  'each example of the page for agents does in a shell what it says',
  async () => {
    await using mac = await createMac();
    const { stdout: page } = await mac.rusta(['help', 'agents']);
    const examples = [...page.matchAll(/^ +\$ (.*)$/gm)].map(([, line = '']) => line);
    expect(examples.length).toBeGreaterThan(10);
    for (const example of examples) {
      const env = { PATH: `${mac.env['PATH']}:${Bun.env['PATH']}` };
      const { code, stdout, stderr } = await mac.run('/bin/bash', ['-c', `rusta() { '${RUSTA}' "$@"; }; ${example}`], { env });
      expect({ example, code, stdout, stderr }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^(?!null|false)./) });
    }
  },
  TEST_MS,
);

test('the page for agents is no wider than a terminal, but for its examples', async () => {
  await using mac = await createMac();
  const { stdout: page } = await mac.rusta(['help', 'agents']);
  expect(page.split('\n').filter((line) => line.length > 80 && !/^ +\$ /.test(line))).toEqual([]);
});

test('help json prints the schema that is in the papers', async () => {
  await using mac = await createMac();
  const { code, stdout } = await mac.rusta(['help', 'json']);
  expect({ code, same: stdout === (await Bun.file('docs/rusta.schema.json').text()) }).toEqual({ code: 0, same: true });
});

test('topics are no commands, and the other way round', async () => {
  await using mac = await createMac();
  expect((await mac.rusta(['help', 'exit-codes'])).stdout).toContain('vm_not_found');
  expect((await mac.rusta(['help', 'environment'])).stdout).toContain('RUSTA_VM');
  expect(await mac.rusta(['agents'])).toMatchObject({ code: 1, stderr: expect.stringContaining("unknown command 'agents'") });
  expect(await mac.rusta(['help', 'constructor'])).toMatchObject({ code: 1 });
});
