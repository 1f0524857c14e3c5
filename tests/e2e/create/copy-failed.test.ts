import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { RUSTA } from '../rusta.ts';
import { readState } from '../state.ts';
import { copyLab } from './helpers/copy.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterEach(() => mac[Symbol.asyncDispose]());

describe('when a copy fails, nothing is left of it', () => {
  const fault = (verb: string, how: object) => mac.configure({ faults: [{ program: 'tart', args: [verb], ...how } as never] });
  const checkLeft = () => {
    expect(mac.vm('web').exists).toBe(false);
    expect((readState(mac) ?? '').trim()).toBe('');
    expect(mac.vm('lab').exists).toBe(true);
  };

  test('tart clone fails', async () => {
    fault('clone', { do: 'exit', stderr: 'Error: no space\n' });
    const { code, stderr } = await copyLab(mac);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "[error] VM 'web' was not created: 'tart clone' failed (exit 1): Error: no space\nNothing is left of VM 'web'. Try again with 'rusta create web ...'.\n",
    });
    checkLeft();
  });

  test('tart clone says that it did, and did not', async () => {
    fault('clone', { do: 'exit', code: 0 });
    const { code, stderr } = await copyLab(mac);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("exited with 0, but VM 'web' is not there") });
    checkLeft();
  });

  test('tart set fails', async () => {
    fault('set', { do: 'exit', stderr: 'Error: no\n' });
    expect(await copyLab(mac, '--cpus', '2')).toMatchObject({ code: 1 });
    checkLeft();
  });

  test('Ctrl-C while it is copied', async () => {
    fault('clone', { do: 'hang' });
    const create = mac.start(RUSTA, ['create', 'web', '--from', 'lab']);
    await create.waitFor('Copying');
    create.kill('SIGINT');
    expect((await create.exited).code).toBe(130);
    checkLeft();
    mac.configure({ faults: [] });
    expect(await copyLab(mac)).toMatchObject({ code: 0, stderr: '' });
  });
});
