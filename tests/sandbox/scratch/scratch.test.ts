import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildStandin } from '../build.ts';
import { createMac } from '../mac.ts';
import { mapText, mapWord } from './mapping.ts';
import { toolsOf } from './tools.ts';

const tools = toolsOf(await buildStandin());
const mapping = { root: '/tmp/mac-x/guest', tools };
const G = mapping.root;

describe('mapping', () => {
  test.each([
    ['cat /etc/hosts', `cat ${G}/etc/hosts`],
    ['>/tmp/a 2>>/var/log/b', `>${G}/tmp/a 2>>${G}/var/log/b`],
    ['x="/run/y"', `x="${G}/run/y"`],
    ["rm -f '/var/lib/apt/lists/a b'", `rm -f '${G}/var/lib/apt/lists/a b'`],
    ['dd of=/opt/x', `dd of=${G}/opt/x`],
    ['PATH=/usr/local/bin:/opt/bin', `PATH=${G}/usr/local/bin:${G}/opt/bin`],
    ['#!/bin/bash', `#!${tools}/bash`],
    ['/usr/bin/env x', `${tools}/env x`],
    ['/usr/bin/unheard-of', `${G}/usr/bin/unheard-of`],
    ['cd / && ls', `cd ${G} && ls`],
    ['echo >/dev/null </proc/meminfo', 'echo >/dev/null </proc/meminfo'],
    ['curl https://x.org/etc/passwd', 'curl https://x.org/etc/passwd'],
    ['"$dir"/tmp/x $dir/tmp ~/tmp ./tmp a/tmp', '"$dir"/tmp/x $dir/tmp ~/tmp ./tmp a/tmp'],
    [`\${dir}/tmp`, `\${dir}/tmp`],
    ['/variable /tmpfoo', '/variable /tmpfoo'],
  ])('%s', (text, mapped) => {
    expect(mapText(text, mapping)).toBe(mapped);
    expect(mapText(mapped, mapping)).toBe(mapped);
  });

  test('of arguments, only paths', () => {
    expect(mapWord('/tmp/x', mapping)).toBe(`${G}/tmp/x`);
    expect(mapWord('--file=/etc/x', mapping)).toBe(`--file=${G}/etc/x`);
    expect(mapWord('see /etc/x', mapping)).toBe('see /etc/x');
  });
});

describe('the guest', () => {
  test('sudo resets the environment, as Ubuntu’s does', async () => {
    await using mac = await createMac();
    await mac.addVm('lab', { running: true });
    const echo = `echo "\${SECRET-none} $USER"`;
    const script = `export SECRET=1; sudo sh -c '${echo}'; sudo -E sh -c '${echo}'; sudo SECRET=2 sh -c '${echo}'; sudo -u admin whoami`;
    const { stdout } = await mac.run('tart', ['exec', 'lab', 'bash', '-c', script]);
    expect(stdout).toBe('none root\n1 root\n2 root\nadmin\n');
    expect((await mac.run('tart', ['exec', 'lab', 'sudo', 'nonesuch'])).stderr).toBe('sudo: nonesuch: command not found\n');
  });

  test('scripts come by name, by stdin and by a wrapper; all are mapped', async () => {
    await using mac = await createMac();
    const { guest } = await mac.addVm('lab', { running: true });
    const script = '#!/bin/bash\necho "$1" >> /var/log/out\n';
    writeFileSync(join(guest, 'tmp/s.sh'), script, { mode: 0o755 });
    for (const command of [
      ['/tmp/s.sh', 'a'],
      ['sudo', '/tmp/s.sh', 'b'],
      ['timeout', '5', '/tmp/s.sh', 'c'],
      ['bash', '/tmp/s.sh', 'd'],
    ]) {
      expect(await mac.run('tart', ['exec', 'lab', ...command])).toMatchObject({ code: 0, stderr: '' });
    }
    await mac.run('tart', ['exec', '-i', 'lab', 'sudo', 'bash', '-s', '--', 'e'], { stdin: script });
    await mac.run('tart', ['exec', 'lab', 'sudo', 'cp', '/tmp/s.sh', '/tmp/copy']);
    expect(await mac.run('tart', ['exec', 'lab', 'sudo', 'rm', '/tmp/copy'])).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(guest, 'tmp'))).toEqual(['s.sh']);
    await mac.run('tart', ['exec', '-i', 'lab', 'sh'], { stdin: 'echo f >> /var/log/out' });
    expect(readFileSync(join(guest, 'var/log/out'), 'utf8')).toBe('a\nb\nc\nd\ne\nf\n');
  });

  test('mktemp and install are those of Ubuntu, whatever the host has', async () => {
    await using mac = await createMac();
    const { guest } = await mac.addVm('lab', { running: true });
    const inGuest = (script: string) => mac.run('tart', ['exec', 'lab', 'bash', '-c', script]);
    const files = await inGuest('mktemp; mktemp -d; mktemp -p /var/log; mktemp -t a.XXXX; mktemp /etc/b.XXXXXX; mktemp -u');
    expect(files).toMatchObject({ code: 0, stderr: '' });
    const [file = '', folder = '', other = '', named = '', full = '', unused = ''] = files.stdout.split('\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(folder).isDirectory()).toBe(true);
    for (const path of [file, folder, named, unused]) expect(path).toStartWith(join(guest, 'tmp/'));
    expect(other).toStartWith(join(guest, 'var/log/tmp.'));
    expect(full).toMatch(new RegExp(`^${guest}/etc/b\\.\\w{6}$`));
    expect(existsSync(unused)).toBe(false);
    expect((await inGuest('mktemp /etc/b.XX')).code).toBe(1);
    expect((await inGuest('mktemp /nowhere/b.XXXX')).code).toBe(1);

    const install =
      'echo x > /tmp/x; install -Dm644 -o root -g root /tmp/x /etc/new/deep/y; install -d -m 700 /etc/folder; install -m 600 /tmp/x /etc/folder';
    expect(await inGuest(`${install}; install -D -t /opt/there /tmp/x`)).toMatchObject({ code: 0, stderr: '' });
    const mode = (path: string) => (statSync(join(guest, path)).mode & 0o777).toString(8);
    expect(['etc/new/deep/y', 'etc/folder', 'etc/folder/x', 'opt/there/x'].map(mode)).toEqual(['644', '700', '600', '755']);
    expect((await inGuest('install /tmp/absent /etc')).code).toBe(1);
  });

  test('get.docker.com brings docker and its group takes members', async () => {
    await using mac = await createMac();
    await mac.addVm('lab', { running: true });
    const script =
      'command -v docker || echo absent; curl -fsSL https://get.docker.com | sudo sh; sudo usermod -aG docker admin; command -v docker; id -nG admin; systemctl is-active docker';
    const { stdout } = await mac.run('tart', ['exec', 'lab', 'bash', '-c', script]);
    expect(stdout).toStartWith('absent\n');
    expect(stdout).toEndWith('/usr/local/bin/docker\nadmin sudo docker\nactive\n');
  });

  test('units that were enabled, and the agent that was stopped, are so', async () => {
    await using mac = await createMac();
    const { address } = await mac.addVm('lab', { running: true });
    const units =
      'systemctl get-default; systemctl set-default graphical.target; systemctl get-default; systemctl enable --force gdm3.service';
    const { stdout } = await mac.run('tart', ['exec', 'lab', 'sh', '-c', `${units}; readlink /etc/systemd/system/display-manager.service`]);
    expect(stdout).toMatch(/^multi-user\.target\ngraphical\.target\n.*\/gdm3\.service\n$/);
    const stop = ['-e', 'ssh', `admin@${address}`, 'sudo systemctl stop tart-guest-agent; echo stopped'];
    expect(await mac.run('sshpass', stop, { env: { SSHPASS: 'admin' } })).toMatchObject({ code: 0, stdout: 'stopped\n' });
    expect(await mac.run('tart', ['exec', 'lab', 'true'])).toMatchObject({ code: 1, stderr: expect.stringContaining('GRPC') });
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('a clone has what its source had', async () => {
    await using mac = await createMac();
    const { guest } = await mac.addVm('lab');
    writeFileSync(join(guest, 'home/admin/mine'), 'x', { mode: 0o600 });
    await mac.run('tart', ['clone', 'lab', 'two']);
    expect(statSync(join(mac.vm('two').guest, 'home/admin/mine')).mode & 0o777).toBe(0o600);
  });
});
