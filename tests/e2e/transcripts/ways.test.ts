import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { hasManyAddresses } from '../../sandbox/scratch/loopback.ts';
import { transcript } from './transcript.ts';

let mac: Mac;
beforeAll(async () => {
  mac = await createMac();
  mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
  await mac.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(mac.home, '.ssh/id_ed25519')]);
});
afterEach(() => mac.configure({ faults: [], password: 'admin' }));
afterAll(() => mac[Symbol.asyncDispose]());

const shown = (...args: string[]) => transcript(mac, args);

test('when a VM is off, then the command that starts it is told', async () => {
  await mac.addVm('off');
  expect(await shown('ssh', 'off', '--', 'true')).toMatchInlineSnapshot(`
    "$ rusta ssh off -- true
    [stderr] [error] VM 'off' is not running
    [stderr] Start it with 'rusta up off'.
    exit 1"
  `);
});

test('when the password is wrong, then the flags for another one are told', async () => {
  await mac.addVm('closed', { running: true });
  mac.configure({ password: 'changed' });
  expect(await shown('ssh', 'closed', '--', 'true')).toMatchInlineSnapshot(`
    "$ rusta ssh closed -- true
    [stderr] Permission denied, please try again.
    [stderr] [error] VM 'closed' refused the password of user 'admin'
    [stderr] Name the right ones: rusta ssh closed --user <username> --password <password>
    exit 5"
  `);
});

// Where guests share one address, the network of one cannot be closed.
test.skipIf(!hasManyAddresses())('when the address of a VM is no way, then its guest agent is taken, and that is said', async () => {
  await mac.addVm('far', { running: true });
  mac.configure({ perVm: { far: { network: 'no way' } } });
  expect(await shown('ssh', 'far', '--', 'hostname')).toMatchInlineSnapshot(`
    "$ rusta ssh far -- hostname
    ubuntu
    [stderr] [warn] VM 'far' cannot be reached at <address> (No route to host): going through its guest agent. 'rusta doctor far' says what may be in the way.
    exit 0"
  `);
});

test('when there are keys, then ssh-copy names those that it copied', async () => {
  await using other = await createMac();
  await other.addVm('lab', { running: true });
  expect(await transcript(other, ['ssh-copy', 'lab'])).toMatchInlineSnapshot(`
    "$ rusta ssh-copy lab
    [stderr] [error] ~/.ssh does not exist, there are no keys to copy
    exit 1"
  `);
  mkdirSync(join(other.home, '.ssh'), { mode: 0o700 });
  writeFileSync(join(other.home, '.ssh/id_work'), 'a key\n', { mode: 0o600 });
  expect(await transcript(other, ['ssh-copy', 'lab'])).toMatchInlineSnapshot(`
    "$ rusta ssh-copy lab
    ==> Copying id_work
    [ok] SSH configuration copied to VM 'lab': id_work
    exit 0"
  `);
});

test('when an SSH alias is made, then the names that know it are told', async () => {
  await mac.addVm('web', { running: true });
  mkdirSync(join(mac.vm('web').guest, 'etc/ssh'), { recursive: true });
  writeFileSync(join(mac.vm('web').guest, 'etc/ssh/ssh_host_ed25519_key.pub'), `ssh-ed25519 ${btoa('k'.repeat(30))} root@ubuntu\n`);
  expect(await shown('ssh-setup', 'web')).toMatchInlineSnapshot(`
    "$ rusta ssh-setup web
    ==> Installing the public key in VM 'web'
    [ok] SSH alias rusta-web: admin in VM 'web'

    VM 'web' is rusta-web for ssh, scp, rsync, git, VS Code and whatever else knows ssh:
      ssh rusta-web
      rsync -a src/ rusta-web:src/
      git clone rusta-web:project.git
      code --remote ssh-remote+rusta-web /home/admin
    exit 0"
  `);
});

test('when Docker is set up, then the next commands are told', async () => {
  await mac.addVm('lab', { running: true });
  expect(await shown('docker-setup', 'lab')).toMatchInlineSnapshot(`
    "$ rusta docker-setup lab
    ==> Installing the public key in VM 'lab'
    ==> Setting Docker up in VM 'lab'
    [ok] SSH alias docker-lab: admin@<address>
    [ok] Docker context docker-lab: ssh://admin@docker-lab

    Docker on VM 'lab' is ready. SSH alias: docker-lab, Docker context: docker-lab
      1. rusta up lab   (it is running)
      2. docker context use docker-lab   (or docker --context docker-lab ...)
      3. docker run hello-world
    The alias is pinned to <address>; 'rusta up lab' and 'rusta docker-setup lab' refresh it when the address changes.
    exit 0"
  `);
});

test('when Docker cannot be installed in the guest, then its last words are shown', async () => {
  await mac.addVm('bare', { running: true });
  mac.configure({
    faults: [{ program: 'guest:curl', do: 'exit', code: 22, stderr: 'curl: (22) The requested URL returned error: 404\n' }],
  });
  expect(await shown('docker-setup', 'bare')).toMatchInlineSnapshot(`
    "$ rusta docker-setup bare
    ==> Installing the public key in VM 'bare'
    ==> Setting Docker up in VM 'bare'
    [stderr] [error] Docker could not be set up in VM 'bare': the server answered with HTTP 404
    [stderr]   | Installing Docker
    [stderr]   | curl: (22) The requested URL returned error: 404
    [stderr] A proxy or firewall may have answered in its place, or the file has moved.
    [stderr] Try again with 'rusta docker-setup bare'.
    exit 1"
  `);
});

test('when there is no docker on the Mac, and Homebrew has none, then that is said before anything is done', async () => {
  await using other = await createMac({ without: ['docker'], knobs: { brew: { core: {} } } });
  await other.addVm('lab', { running: true });
  expect(await transcript(other, ['docker-setup', 'lab'])).toMatchInlineSnapshot(`
    "$ rusta docker-setup lab
    ==> Installing docker with Homebrew (docker)
    [stderr] [error] docker could not be installed: 'brew install docker' failed (exit 1): Error: No available formula with the name "docker".
    [stderr] Install it yourself with 'brew install docker', then try again.
    exit 1"
  `);
});
