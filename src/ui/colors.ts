import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/**
 * Tells whether to use colours: NO_COLOR (set, not empty) decides before CLICOLOR_FORCE, and that before a terminal whose TERM is not
 * `dumb` (D2).
 */
export function wantsColor(env: Readonly<Record<string, string>>, isTerminal: boolean): boolean {
  if (env['NO_COLOR']) return false;
  const force = env['CLICOLOR_FORCE'];
  if (force !== undefined && force !== '' && force !== '0') return true;
  return isTerminal && env['TERM'] !== 'dumb';
}

export function colorsFor(enabled: boolean): Colors {
  return pc.createColors(enabled);
}
