import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import type { Mac } from '../sandbox/mac.ts';
import type { RunResult } from '../sandbox/spawn.ts';

/**
 * Put before a program, it makes the modes of files count, for root as well; undefined where that cannot be had. The files
 * stay root's: nothing has to be handed to another user, who might not even reach this folder.
 */
export const modesCount: readonly string[] | undefined = findModesCount();

function findModesCount(): readonly string[] | undefined {
  if (process.getuid?.() !== 0) return [];
  const setpriv = Bun.which('setpriv');
  if (setpriv === null) return undefined;
  const prefix = [setpriv, '--bounding-set=-dac_override,-dac_read_search', '--'];
  const folder = mkdtempSync(join(tmpdir(), 'rusta-modes-'));
  writeFileSync(join(folder, 'secret'), '', { mode: 0 });
  const { exitCode } = Bun.spawnSync([...prefix, 'cat', join(folder, 'secret')], { stdio: ['ignore', 'ignore', 'ignore'] });
  rmSync(folder, { recursive: true });
  return exitCode === 0 ? undefined : prefix;
}

/** What `ulimit -f` counts in, in bytes: 512 by POSIX, but 1,024 for bash, which is `sh` on a Mac. Found out by filling a file. */
const BLOCK = measureBlock('sh');

export function measureBlock(shell: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'rusta-block-'));
  const file = join(folder, 'filled');
  Bun.spawnSync([shell, '-c', 'trap "" XFSZ; ulimit -S -f 1; exec cat /dev/zero > "$0"', file], { stdio: ['ignore', 'ignore', 'ignore'] });
  const { size } = statSync(file);
  rmSync(folder, { recursive: true });
  return size;
}

/**
 * Runs rusta where no file may grow beyond so many bytes, whole kilobytes: a full disk for all, without root. The programs that it
 * starts have room, or the stand-ins could not even record that they were called.
 */
export function onFullDisk(mac: Mac, bytes: number, args: readonly string[]): Promise<RunResult> {
  const roomy = join(mac.root, 'roomy');
  mkdirSync(roomy);
  for (const name of readdirSync(mac.bin))
    writeFileSync(join(roomy, name), `#!/bin/sh\nulimit -S -f unlimited\nexec "${join(mac.bin, name)}" "$@"\n`, { mode: 0o755 });
  const script = 'trap "" XFSZ; blocks=$1; shift; ulimit -S -f "$blocks"; exec "$0" "$@"';
  return mac.run('sh', ['-c', script, RUSTA, String(bytes / BLOCK), ...args], {
    env: { PATH: `${roomy}:${mac.env['PATH']}` },
  });
}
