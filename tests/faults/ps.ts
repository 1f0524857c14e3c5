import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../sandbox/mac.ts';
import type { FaultName } from './table.ts';

/** `ps` is the host's own everywhere else: here a script stands before it. */
const SCRIPTS: Readonly<Record<Exclude<FaultName, 'missing'>, string>> = {
  'exits 1 with a message': "printf 'Error: first line\\nsecond line\\n' >&2; exit 1",
  'exits 2 without a word': 'exit 2',
  'is killed': 'kill -9 $$',
  hangs: 'exec sleep 300',
  'prints garbage': "printf '\\133\\377\\376\\173\\042\\n'",
  'prints megabytes': 'i=0; while [ $i -lt 2000 ]; do printf "%01024d\\n" 0; i=$((i + 1)); done',
  'prints partial JSON': 'printf \'[{"Name":"lab","Sour\'',
  'does nothing': 'exit 0',
};

/** Returns how to find out whether it was met. */
export function playPs(mac: Mac, fault: FaultName): () => boolean {
  if (fault === 'missing') {
    rmSync(join(mac.root, 'sys/ps'));
    return () => true;
  }
  const mark = join(mac.root, 'ps-was-called');
  writeFileSync(join(mac.bin, 'ps'), `#!/bin/sh\n: > ${mark}\n${SCRIPTS[fault]}\n`, { mode: 0o755 });
  return () => existsSync(mark);
}
