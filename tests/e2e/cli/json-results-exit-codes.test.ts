/** Results of commands that may end with another code than 0, and are no failures. */
import { afterEach, beforeEach, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

test('ssh gives what the command printed and ended with, and ends with it', async () => {
  await mac.addVm('lab', { running: true });
  const { code, stdout, stderr } = await mac.rusta(['ssh', '--json', 'lab', '--', 'cat; echo err >&2; exit 7'], { stdin: 'in ü' });
  expect(JSON.parse(stdout)).toEqual({ schema: 1, ok: true, result: { vm: 'lab', exit_code: 7, stdout: 'in ü', stderr: 'err\n' } });
  expect({ code, stderr }).toEqual({ code: 7, stderr: '' });
});

test('run gives the same of a command in a copy, and says what was kept', async () => {
  await mac.addVm('base');
  const run = (line: string, ...flags: string[]) => mac.rusta(['run', '--json', '--from', 'base', ...flags, '--', line], { stdin: 'in ü' });
  const { code, stdout, stderr } = await run('cat; echo err >&2; exit 7');
  expect(JSON.parse(stdout)).toEqual({ schema: 1, ok: true, result: { vm: null, exit_code: 7, stdout: 'in ü', stderr: 'err\n' } });
  expect(code).toBe(7);
  for (const line of stderr.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('title');
  const late = await run('echo begun; sleep 600', '--timeout', '1s');
  expect({ code: late.code, ...JSON.parse(late.stdout) }).toMatchObject({
    code: 124,
    ok: true,
    result: { exit_code: 124, stdout: 'begun\n' },
  });
  const kept = JSON.parse((await run('true', '--keep')).stdout);
  expect(mac.vm(kept.result.vm).isRunning).toBe(true);
});

test('doctor ends with 1 where it finds something, and that is no failure', async () => {
  writeState(mac, '[vms.gone]\ngui = true\n');
  const { code, stdout } = await mac.rusta(['doctor', '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    result: { checks: expect.any(Number), findings: expect.arrayContaining([expect.objectContaining({ vm: 'gone' })]) },
  });
});
