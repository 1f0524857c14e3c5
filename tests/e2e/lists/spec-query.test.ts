import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { readState, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

describe('list (spec 10, item 17)', () => {
  test('shows all VMs, their state and the default', async () => {
    await mac.addVm('ubuntu-2404', { running: true });
    await mac.addVm('lab-22');
    mac.addImage('ghcr.io/cirruslabs/ubuntu:24.04');
    writeState(mac, 'default_vm = "ubuntu-2404"\n');
    expect(await mac.rusta(['list'])).toEqual({
      code: 0,
      signal: null,
      stdout: 'NAME          STATUS    DEFAULT\nlab-22        stopped\nubuntu-2404   running   *\n',
      stderr: '',
    });
  });

  test('says what tart said when that fails', async () => {
    mac.configure({ faults: [{ program: 'tart', args: ['list'], do: 'exit', code: 1, stderr: 'Error: no disk' }] });
    expect(await mac.rusta(['list'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: "[error] 'tart list' failed (exit 1): Error: no disk\n",
    });
  });

  test('does not guess what garbage means', async () => {
    mac.configure({ faults: [{ program: 'tart', args: ['list'], do: 'partial' }] });
    const result = await mac.rusta(['list']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain("the answer of 'tart list' cannot be read");
  });
});

describe('18, 19: default', () => {
  test('none set ends with 1, and never asks (spec 10, item 18)', async () => {
    await mac.addVm('lab');
    expect(await mac.rusta(['default'])).toMatchObject({
      code: 1,
      stdout: 'no default set\n',
      stderr: "Set one with 'rusta default <vm>'.\n",
    });
  });

  test('a VM that exists is set and printed (spec 10, item 19)', async () => {
    await mac.addVm('lab');
    expect(await mac.rusta(['default', 'lab'])).toMatchObject({ code: 0, stdout: '', stderr: '[ok] Default VM: lab\n' });
    expect(readState(mac)).toBe('default_vm = "lab"\n');
    expect(await mac.rusta(['default'])).toMatchObject({ code: 0, stdout: 'lab\n', stderr: '' });
  });

  test('an unknown one ends with 2 and sets nothing (spec 10, item 19)', async () => {
    expect(await mac.rusta(['default', 'lab'])).toMatchObject({ code: 2 });
    expect(readState(mac)).toBeUndefined();
  });

  test('one that is gone is no default', async () => {
    writeState(mac, 'default_vm = "gone"\n');
    expect(await mac.rusta(['default'])).toMatchObject({
      code: 1,
      stdout: 'no default set\n',
      stderr: "VM 'gone', the last one, no longer exists. Set one with 'rusta default <vm>'.\n",
    });
  });

  test('constructor is a name like any other', async () => {
    await mac.addVm('constructor');
    expect(await mac.rusta(['default', 'constructor'])).toMatchObject({ code: 0 });
    expect(await mac.rusta(['default'])).toMatchObject({ stdout: 'constructor\n' });
  });
});

describe('ip (spec 10, item 21)', () => {
  test('prints the address and nothing else', async () => {
    const vm = await mac.addVm('lab', { running: true });
    writeState(mac, 'default_vm = "lab"\n');
    expect(await mac.rusta(['ip', 'lab'])).toEqual({ code: 0, signal: null, stdout: `${vm.address}\n`, stderr: '' });
    expect(await mac.rusta(['ip'])).toMatchObject({ stdout: `${vm.address}\n` });
  });

  test('waits for an address that is late', async () => {
    mac.configure({ timing: { ip: 600 } });
    await mac.addVm('lab');
    const up = mac.start('tart', ['run', '--no-graphics', 'lab']);
    await mac.event('locked', 'lab');
    expect(await mac.rusta(['ip', 'lab'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^127\./) });
    up.kill('SIGKILL');
  });

  test('a VM that is off has none, whatever an old lease says', async () => {
    await mac.addVm('lab');
    await mac.rusta(['up', 'lab']);
    await mac.rusta(['down', 'lab']);
    expect(await mac.rusta(['ip', 'lab'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: "[error] VM 'lab' is not running\nStart it with 'rusta up lab'.\n",
    });
  });

  test('says how long it waited when there is none', async () => {
    await mac.addVm('lab', { running: true });
    mac.configure({ faults: [{ program: 'tart', args: ['ip'], do: 'exit', code: 1, stderr: 'no IP address found' }] });
    const result = await mac.rusta(['ip', 'lab'], { env: { RUSTA_IP_TIMEOUT: '1' } });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/waited \d+ s for an IP address of VM 'lab'; last answer: no IP address found/);
  });

  test('a bad time limit is an error, not a surprise', async () => {
    await mac.addVm('lab', { running: true });
    const result = await mac.rusta(['ip', 'lab'], { env: { RUSTA_IP_TIMEOUT: 'soon' } });
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: "[error] RUSTA_IP_TIMEOUT is 'soon', not a number of seconds above 0\n" });
  });
});
