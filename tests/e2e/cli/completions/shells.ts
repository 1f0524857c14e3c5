import { expect } from 'bun:test';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac } from '../../../sandbox/mac.ts';
import { RUSTA } from '../../rusta.ts';

/** What the shells take from the machine that the tests run on; the stand-in's PATH has none of them. */
export const SHELLS = { bash: Bun.which('bash'), zsh: Bun.which('zsh'), fish: Bun.which('fish') };

/** macOS has 3.2, which knows no compopt. */
export const WITHOUT_COMPOPT = 'enable -n compopt 2> /dev/null; ';

/** Returns a Mac with the scripts of all shells in its root, and what the shells find rusta with. */
export async function createShellMac() {
  const mac = await createMac();
  await mac.addVm('lab');
  await mac.addVm('lamp');
  mkdirSync(join(mac.root, 'path'));
  symlinkSync(RUSTA, join(mac.root, 'path', 'rusta'));
  const env: Record<string, string> = { ...mac.env, PATH: `${join(mac.root, 'path')}:${mac.env['PATH']}` };
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout, code } = await mac.rusta(['completions', shell]);
    expect(code).toBe(0);
    writeFileSync(join(mac.root, `rusta.${shell}`), stdout);
  }
  return { mac, env };
}
