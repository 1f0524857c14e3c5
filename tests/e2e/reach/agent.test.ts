import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Behavior } from '../../sandbox/knobs.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { hasManyAddresses } from '../../sandbox/scratch/loopback.ts';
import { macWithRunningLab } from '../running-lab.ts';
import { commands } from '../state.ts';

setDefaultTimeout(60_000);
let mac: Mac;
beforeEach(async () => {
  mac = await macWithRunningLab();
});
afterEach(() => mac[Symbol.asyncDispose]());

const goesThrough = (reason: string) =>
  `[warn] VM 'lab' cannot be reached at ${mac.vm('lab').address} (${reason}): going through its guest agent. 'rusta doctor lab' says what may be in the way.\n`;
const close = (network: Behavior['network']) => mac.configure({ behavior: { network } });
const ssh = (...args: string[]) => mac.rusta(['ssh', 'lab', ...args, '--', 'cat; exit 3'], { stdin: 'sent\n' });

describe.skipIf(!hasManyAddresses())('a way that is closed', () => {
  test.each([
    ['no way', 'No route to host'],
    ['silent', 'Connection timed out'],
    ['refused', 'Connection refused'],
  ] as const)('%s: ssh goes through the agent, and says so once', async (network, reason) => {
    close(network);
    expect(await ssh()).toMatchObject({ code: 3, stdout: 'sent\n', stderr: goesThrough(reason) });
    expect(mac.calls('sshpass').at(-1)?.args).toContain(`ProxyCommand=${proxy()}`);
  });

  test('when the sshd came up inside just after it was looked for, then its address is tried first', async () => {
    close('refused');
    mac.configure({ faults: [{ program: 'tart', args: ['exec', 'lab', 'perl'], do: 'exit', code: 111, times: 1 }] });
    expect(await ssh()).toMatchObject({ code: 3, stdout: 'sent\n' });
    const isLook = (line: string) => line.startsWith('exec lab perl ');
    const looks = mac.calls().flatMap(({ program, args }) => (program === 'sshpass' ? ['try'] : isLook(args.join(' ')) ? ['look'] : []));
    expect(looks.join(' ')).toMatch(/look( try)+ look/);
  });

  test('an address that swallows what is sent is not tried again at once', async () => {
    close('silent');
    await ssh();
    const before = mac.calls('sshpass').length;
    expect(await ssh()).toMatchObject({ code: 3, stdout: 'sent\n', stderr: goesThrough('no answer a moment ago') });
    expect(mac.calls('sshpass')).toHaveLength(before + 1);
  });

  test('ssh-copy', async () => {
    close('no way');
    writeFileSync(join(mac.home, '.ssh/id_x'), 'a key\n');
    const { code, stderr } = await mac.rusta(['ssh-copy', 'lab']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: goesThrough('No route to host') });
    expect(readFileSync(join(mac.vm('lab').guest, 'home/admin/.ssh/id_x'), 'utf8')).toBe('a key\n');
  });

  test('docker-setup installs Docker, and says that docker itself has no way', async () => {
    close('no way');
    const { code, stderr } = await mac.rusta(['docker-setup', 'lab']);
    expect(code).toBe(1);
    expect(stderr).toStartWith(goesThrough('No route to host'));
    expect(stderr).toContain(
      "[error] Docker is set up in VM 'lab', but the alias and the context 'docker-lab' cannot be used: docker logs in at its address, to which there is no way\n",
    );
    expect(stderr).toContain('rusta ssh-setup lab && docker -H ssh://rusta-lab ps');
    expect(existsSync(join(mac.home, '.ssh/config'))).toBe(false);
    close('open');
    expect(await mac.rusta(['docker-setup', 'lab'])).toMatchObject({ code: 0 });
  });

  test('ssh-setup', async () => {
    close('no way');
    mkdirSync(join(mac.vm('lab').guest, 'etc/ssh'), { recursive: true });
    writeFileSync(join(mac.vm('lab').guest, 'etc/ssh/ssh_host_ed25519_key.pub'), `ssh-ed25519 ${'A'.repeat(40)} root@ubuntu\n`);
    const { code, stderr } = await mac.rusta(['ssh-setup', 'lab']);
    expect(code).toBe(0);
    expect(stderr).toStartWith(goesThrough('No route to host'));
  });

  test('a VM that is booted for the work', async () => {
    await mac.rusta(['down', 'lab']);
    close('silent');
    writeFileSync(join(mac.home, '.ssh/id_x'), 'a key\n');
    const { code, stderr } = await mac.rusta(['ssh-copy', 'lab'], { timeoutMs: 50_000 });
    expect(code).toBe(0);
    expect(stderr).toContain("(Connection timed out): going through its guest agent. 'rusta doctor lab'");
    expect(mac.vm('lab').isRunning).toBe(false);
  });

  test('where the agent is no way either, the refusal is told as ever', async () => {
    mac.configure({ behavior: { network: 'no way' }, faults: [{ program: 'tart', args: ['exec', 'lab', 'perl'], do: 'exit', code: 1 }] });
    const { code, stderr } = await mac.rusta(['ssh', 'lab', '--', 'true'], { env: { RUSTA_SSH_TIMEOUT: '2' } });
    expect(code).not.toBe(0);
    expect(stderr).toContain('No route to host');
    expect(stderr).not.toContain('going through');
  });
});

test('a guest without an address is reached at once', async () => {
  await using bare = await createMac({ knobs: { behavior: { ip: 'never' } } });
  await bare.addVm('lab', { running: true });
  bare.configure({ faults: [{ program: 'guest:ip', do: 'exit', code: 0, stdout: '' }] });
  const answer = await bare.rusta(['ssh', 'lab', '--', 'cat'], { stdin: 'sent\n' });
  expect(answer).toMatchObject({ code: 0, stdout: 'sent\n' });
  expect(answer.stderr).toMatch(
    /^\[warn\] VM 'lab' has no address \(.*\): going through its guest agent\. 'rusta doctor lab' says what may be in the way\.\n$/,
  );
});

/** What ssh is told to start: it hands nothing to a shell that the shell could change. */
function proxy(): string {
  const call = mac.calls('sshpass').at(-1);
  const value = call?.args.find((word) => word.startsWith('ProxyCommand=env ')) ?? '';
  expect(value).toEndWith(' connect lab --via-agent');
  expect(commands(mac, 'tart').filter((words) => words.startsWith('exec -i lab perl'))).toHaveLength(1);
  return value.slice('ProxyCommand='.length);
}
