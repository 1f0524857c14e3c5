import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { RUSTA } from '../rusta.ts';
import { commands, ours, readState } from '../state.ts';
import { createLab, readLog, SAYS, writeScript } from './helpers/script.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const kept = () => ours(mac, 'provision/lab.script');

describe('create --script', () => {
  test('runs it as root when all else is done, as a step, and keeps a copy', async () => {
    const { code, stdout, stderr } = await createLab(mac, '--script', writeScript(mac, SAYS));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain("==> [8/9] Starting the SPICE agent\n==> [9/9] Running your script\n==> Shutting VM 'lab' down\n");
    expect(readLog(mac)).toEndWith('>>> [9/9] Running your script\nset up as root, noninteractive\n>>> Done\n');
    expect(readFileSync(kept(), 'utf8')).toBe(SAYS);
    expect((statSync(kept()).mode & 0o777).toString(8)).toBe('600');
    expect(existsSync(join(mac.vm('lab').guest, 'var/lib/rusta/script'))).toBe(false);
    expect(readState(mac)?.trim()).toBe(`[vms.lab]\ngui = false\nflags = [ "--script", "${join(mac.home, 'set up.sh')}" ]`);
    expect((await createLab(mac)).stdout).toContain(`rusta create lab --script '${join(mac.home, 'set up.sh')}'\n`);
    await mac.rusta(['delete', 'lab', '--yes']);
    expect(existsSync(kept())).toBe(false);
  });

  test.each(['echo "no interpreter is named"\n', '#!/usr/bin/env bash\necho "no interpreter is named"'])(
    'of any kind: %j',
    async (text) => {
      expect(await createLab(mac, '--script', writeScript(mac, text))).toMatchObject({ code: 0, stderr: '' });
      expect(readLog(mac)).toContain('no interpreter is named\n');
    },
  );

  test('a script that fails stops the VM, which is kept, and --resume runs it again as it was', async () => {
    const path = writeScript(mac, '#!/bin/sh\necho "no such luck"\nexit 7\n');
    const { code, stderr } = await createLab(mac, '--script', path);
    expect(code).toBe(1);
    expect(stderr).toStartWith(
      "Stopping VM 'lab' ...\n[error] provisioning VM 'lab' failed in step 9 of 9, Running your script: exit code 7\n",
    );
    expect(stderr).toContain('no such luck');
    expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
    writeFileSync(path, SAYS);
    expect((await createLab(mac, '--resume')).code).toBe(1);
    expect(await createLab(mac, '--resume', '--script', path)).toMatchObject({ code: 0, stderr: '' });
    expect(readLog(mac)).toContain('set up as root');
    expect(readState(mac)).not.toContain('script = ');
  });

  test('one that is gone meanwhile is told', async () => {
    await createLab(mac, '--script', writeScript(mac, 'exit 1'));
    await mac.run('/bin/rm', [kept()]);
    const { code, stderr } = await createLab(mac, '--resume');
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("the script that VM 'lab' was to be created with is gone"),
    });
    expect(stderr).toContain('Bring it again: rusta create lab --resume --script <file>');
  });

  test('one that does not end is ended by the bound of provisioning', async () => {
    const path = writeScript(mac, '#!/bin/sh\necho begun; sleep 600\n');
    const { code, stderr } = await mac.rusta(['create', 'lab', '--script', path], { env: { RUSTA_PROVISION_TIMEOUT: '4' } });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('it did not end within 4 s') });
  });

  test('kill -9 amid it leaves a VM that --resume finishes', async () => {
    const started = mac.start(RUSTA, [
      'create',
      'lab',
      '--script',
      writeScript(mac, '#!/bin/sh\ntest -e again || { touch again; sleep 600; }\necho ran\n'),
    ]);
    await started.waitFor('Running your script');
    started.kill('SIGKILL');
    await started.exited;
    expect(await createLab(mac, '--resume')).toMatchObject({ code: 0 });
    expect(readLog(mac)).toContain('ran\n');
  });
});

describe('create --from --script', () => {
  beforeEach(() => mac.addVm('base'));
  const copy = (...flags: string[]) => mac.rusta(['create', 'lab', '--from', 'base', ...flags]);

  test('boots the copy for it, and does nothing else to it', async () => {
    const { code, stdout, stderr } = await copy('--script', writeScript(mac, SAYS));
    expect({ code, stderr, stdout: stdout.replace(/(time {3}).*/, '$1how long') }).toEqual({
      code: 0,
      stderr: '',
      stdout: `==> Copying VM 'base'
==> Booting VM 'lab' to run your script in it
==> Giving VM 'lab' an identity of its own
==> [1/3] Stopping background updates
==> [2/3] Waiting for cloud-init and other package managers
==> [3/3] Running your script
==> Shutting VM 'lab' down
     copy   of VM 'base'
     size   4 CPUs, 4096 MB of memory, 20 GB of disk
     screen none
     login  admin / admin
     log    rusta logs lab --provision
     time   how long
[ok] VM 'lab' is ready: 'rusta up lab' starts it, 'rusta ssh lab' opens a shell
`,
    });
    expect(readLog(mac)).toContain('set up as root');
    expect(mac.vm('lab').isRunning).toBe(false);
    expect(commands(mac, 'guest:apt-get')).toEqual([]);
    expect(readState(mac)).not.toMatch(/pending|setup|from =/);
  });

  test('--up leaves it running, booted once', async () => {
    expect(await copy('--script', writeScript(mac, SAYS), '--up')).toMatchObject({ code: 0, stderr: '' });
    expect(commands(mac, 'tart').filter((line) => line.startsWith('run '))).toHaveLength(1);
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('one that fails is gone on with by --resume, without its source', async () => {
    expect((await copy('--script', writeScript(mac, 'exit 3'))).code).toBe(1);
    expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
    await mac.run('tart', ['delete', 'base']);
    expect(await createLab(mac, '--resume', '--script', writeScript(mac, SAYS))).toMatchObject({ code: 0, stderr: '' });
    expect(readLog(mac)).toContain('set up as root');
  });
});
