import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** NO_COLOR (set, not empty) > CLICOLOR_FORCE > a terminal whose TERM is not `dumb` (D2). */
export function wantsColor(env: Readonly<Record<string, string>>, isTerminal: boolean): boolean {
  if (env['NO_COLOR']) return false;
  const force = env['CLICOLOR_FORCE'];
  if (force !== undefined && force !== '' && force !== '0') return true;
  return isTerminal && env['TERM'] !== 'dumb';
}

export function colorsFor(enabled: boolean): Colors {
  return pc.createColors(enabled);
}
