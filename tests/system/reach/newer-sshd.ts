import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { distributionSources } from '../../sandbox/system/base/sources.ts';
import { HOST_ENV, output } from '../../sandbox/system/programs.ts';
import { waitUntil } from '../../sandbox/wait.ts';

/** The first Debian whose sshd punishes addresses that connect without logging in. */
const RELEASE = 'trixie';
const OWN_NAME = 'bookworm';

/** A Debian with an sshd of 9.8 or later, made once from the machine's own package sources. */
async function ensureTree(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8');
  const codename = /^VERSION_CODENAME="?([^"\n]+)/m.exec(release)?.[1] ?? '';
  const wanted = codename === OWN_NAME ? RELEASE : codename;
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'rusta-tests');
  const tree = join(cache, `sshd-${wanted}-${process.arch}-1`);
  if (existsSync(tree)) return tree;
  const sources = (await distributionSources(codename)).map((line) => line.replaceAll(` ${codename} `, ` ${wanted} `));
  const main = sources.filter((line) => line.includes(` ${wanted} `));
  if (main.length === 0) throw new Error(`no apt source of ${wanted} can be derived from /etc/apt`);
  console.warn(`building a tree with the sshd of ${wanted} in ${tree} ...`);
  await mkdir(cache, { recursive: true });
  const part = `${tree}.${process.pid}.partial`;
  const setup = `--customize-hook=chroot "$1" useradd -m -s /bin/bash admin; echo admin:admin | chroot "$1" chpasswd`;
  const build = ['mmdebstrap', '--variant=minbase', '--include=openssh-server', setup, wanted, part, ...main];
  await output(['unshare', '--mount', '--', ...build], { ...process.env, ...HOST_ENV });
  await output(['mv', '--no-target-directory', part, tree]);
  return tree;
}

export interface NewerSshd extends AsyncDisposable {
  /** Its `/` on this machine; shared by all tests. */
  readonly root: string;
  /** What it has logged. */
  log(): string;
}

/** Starts it with its defaults, penalties on, and these words of sshd_config. Its user is admin, as its password. */
export async function startNewerSshd(address: string, port: number, ...options: string[]): Promise<NewerSshd> {
  const tree = await ensureTree();
  await mkdir(join(tree, 'run/sshd'), { recursive: true });
  const words = [`ListenAddress=${address}:${port}`, 'PidFile=none', ...options].flatMap((word) => ['-o', word]);
  const argv = ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'chroot', tree, '/usr/sbin/sshd', '-D', '-e', ...words];
  let text = '';
  const child = Bun.spawn(argv, { env: HOST_ENV, stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' });
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of child.stderr) text += decoder.decode(chunk, { stream: true });
  })();
  await waitUntil(
    'sshd to listen',
    () => text.includes('Server listening'),
    30_000,
    () => text,
  );
  return {
    root: tree,
    log: () => text,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await Promise.all([child.exited, reading]);
    },
  };
}
