import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { cannotRun, STEP_MS, TEST_MS } from '../guest.ts';
import { type NewerSshd, startNewerSshd } from './newer-sshd.ts';

setDefaultTimeout(TEST_MS * 2);

describe.skipIf(cannotRun())('an sshd that punishes connections without a login, and drops some of many (9.8 and later)', () => {
  let mac: Mac;
  let address: string;
  let port: number;
  beforeAll(async () => {
    // The guest is a folder, but ssh and its server are real.
    mac = await createMac({ knobs: { behavior: { ssh: 'never' } }, without: ['ssh', 'sshpass', 'scp', 'ssh-copy-id'] });
    await mac.addVm('lab', { running: true });
    address = mac.vm('lab').address ?? '';
    port = mac.knobs.sshPort;
  }, TEST_MS);
  afterAll(() => mac?.[Symbol.asyncDispose]());
  const rusta = (args: string[], { env = {}, stdin = '' }: { env?: Record<string, string>; stdin?: string } = {}) =>
    mac.rusta(args, { timeoutMs: STEP_MS, env: { PATH: `${mac.env['PATH']}:/usr/bin:/bin`, ...env }, stdin });
  const ssh = (words: string[], more: { env?: Record<string, string>; stdin?: string } = {}) => rusta(['ssh', 'lab', '--', ...words], more);
  /** From a home whose sockets would have too long a path: nothing is shared. */
  const alone = (words: string[], stdin = '') => ssh(words, { stdin, env: { HOME: join(mac.home, 'x'.repeat(60)) } });
  const serve = (...options: string[]): Promise<NewerSshd> => startNewerSshd(address, port, ...options);

  test('40 logins one after another', async () => {
    await using sshd = await serve();
    for (let run = 1; run <= 40; run += 1) {
      expect({ run, ...(await alone(['echo in'])) }).toMatchObject({ run, code: 0, stdout: 'in\n', stderr: '' });
    }
    expect(sshd.log()).not.toMatch(/penalty|drop connection/);
  });

  test('30 at once: each runs once, with its own input, though sshd drops some of them', async () => {
    await using sshd = await serve();
    const runs = Array.from({ length: 30 }, (_, index) => alone(['read word; echo $word >> /tmp/ran; echo got $word'], `${index}\n`));
    const results = await Promise.all(runs);
    expect(results.map(({ code, stdout, stderr }) => ({ code, stdout, stderr }))).toEqual(
      results.map((_, index) => ({ code: 0, stdout: `got ${index}\n`, stderr: '' })),
    );
    const { stdout } = await ssh(['sort /tmp/ran | uniq | wc -l; wc -l < /tmp/ran; rm /tmp/ran']);
    expect(stdout).toBe('30\n30\n');
    expect(sshd.log()).toContain('Maxstartups');
  });

  test('a server that comes while it is waited for: nothing of the input is lost', async () => {
    const asked = ssh(['cat'], { stdin: 'all of it\n' });
    // ssh keeps its own words here while it runs, under another name each time.
    const tries = new Set<string>();
    const run = join(mac.home, '.local/share/rusta/run');
    await waitUntil(
      'ssh to be started three times',
      () => {
        for (const name of readdirSync(run).filter((file) => file.startsWith('.ssh.'))) tries.add(name);
        return tries.size >= 3;
      },
      STEP_MS,
    );
    await using _ = await serve();
    expect(await asked).toMatchObject({ code: 0, stdout: 'all of it\n', stderr: '' });
  });

  test('in the penalty box it is waited, and said why where that takes too long', async () => {
    // More connections than one may have come before the first is punished: however many, the box opens again in time.
    await using sshd = await serve('PerSourcePenalties=noauth:5 min:10 max:15');
    while (!sshd.log().includes('penalty: connections without')) {
      await Bun.connect({ hostname: address, port, socket: { data: (socket) => void socket.terminate() } });
    }
    const impatient = await ssh(['true'], { env: { RUSTA_SSH_TIMEOUT: '2' } });
    expect(impatient).toMatchObject({ code: 1, stdout: '' });
    expect(impatient.stderr).toContain("last answer: it says 'Not allowed at this time'");
    expect(impatient.stderr).toContain('tart exec lab sudo systemctl restart ssh');
    expect(await ssh(['echo through'])).toMatchObject({ code: 0, stdout: 'through\n' });
  });

  test('when the guest still boots and lets nobody in, then it is waited for', async () => {
    await using sshd = await serve();
    const nologin = join(sshd.root, 'etc/nologin');
    writeFileSync(nologin, 'System is booting up.\n');
    try {
      const asked = ssh(['cat'], { stdin: 'all of it\n' });
      await waitUntil(
        'a second login to be turned away',
        () => (sshd.log().match(/Access denied for user admin/g)?.length ?? 0) >= 2,
        STEP_MS,
      );
      rmSync(nologin);
      expect(await asked).toMatchObject({ code: 0, stdout: 'all of it\n', stderr: '' });
    } finally {
      rmSync(nologin, { force: true });
    }
  });

  test('when ssh and the guest have no algorithm in common, then ssh is quoted, with a hint that fits', async () => {
    await using _ = await serve('Ciphers=3des-cbc');
    const { code, stderr } = await ssh(['true']);
    expect(code).toBe(255);
    expect(stderr).toMatch(
      /^\[error\] ssh and the sshd of VM 'lab' have no algorithm in common: .*no matching cipher found\. Their offer: 3des-cbc\n/,
    );
    expect(stderr).toContain('~/.ssh/config');
  });

  test('a guest that takes keys only, and a wrong password: each has its own advice, and costs one login', async () => {
    {
      await using _ = await serve('PasswordAuthentication=no', 'KbdInteractiveAuthentication=no');
      const { code, stderr } = await ssh(['true']);
      expect(code).toBe(255);
      expect(stderr).toStartWith("[error] VM 'lab' takes no passwords: admin@");
      expect(stderr).toContain('authorized_keys');
    }
    await using sshd = await serve();
    const refused = await rusta(['ssh', 'lab', '--password', 'wrong', '--', 'true']);
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    expect(refused.stderr).toContain("[error] VM 'lab' refused the password of user 'admin'\n");
    expect(sshd.log().match(/Failed password/g)).toHaveLength(1);
  });
});
