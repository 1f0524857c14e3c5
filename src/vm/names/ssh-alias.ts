import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { aliasText, ownerOf, type SshAlias, withAlias, withoutAlias } from '../../state/ssh/config.ts';
import { type HostSetting, ownSetting } from './ssh-host.ts';

export type AliasContext = Pick<App, 'sshFiles' | 'ssh' | 'out'>;

/** The result for an alias: it is ours; or the user's own and left alone; or ours, but the user has to put it in place. */
export type AliasState = 'ours' | 'users' | 'to be pasted';

export interface WantedAlias extends SshAlias {
  /** Proves that an entry leads there, wherever it is: a setting, and its value as `ssh -G` prints it. */
  readonly proof: { readonly setting: HostSetting; readonly value: string };
  /** The place where it leads, for people. */
  readonly shown: string;
}

/** Writes or repairs an alias in `~/.ssh/config`, but leaves an entry of the user alone (D13). Throws RustaError. */
export async function ensureAlias(app: AliasContext, wanted: WantedAlias): Promise<AliasState> {
  const { alias, proof } = wanted;
  const before = app.sshFiles.readConfig();
  const owner = ownerOf(before, alias);
  if (owner === 'user') {
    app.out.warn(`~/.ssh/config has an entry for '${alias}' that is not rusta's: it is left as it is`);
    return 'users';
  }
  const elsewhere = owner === 'nobody' ? await ownSetting(app, alias, proof.setting) : undefined;
  // The user may have put it in place by hand, in a file that this one includes.
  const isRight = (owner === 'rusta' && withAlias(before, wanted) === before) || elsewhere === proof.value;
  if (elsewhere !== undefined && !isRight) {
    app.out.warn(`your ssh config has an entry for '${alias}', in a file that it includes, that is not rusta's: it is left as it is`);
    return 'users';
  }
  const readOnly = app.sshFiles.whyReadOnly();
  if (isRight && (readOnly !== undefined || elsewhere !== undefined)) return sayThatItExists(app, wanted);
  if (readOnly !== undefined) {
    app.out.warn(`~/.ssh/config cannot be written (${readOnly}). Put this block before all else in it, where you keep it:`);
    showAlias(app, wanted);
    return 'to be pasted';
  }
  await app.sshFiles.updateConfig((config) => withAlias(config, wanted));
  if (isRight) return sayThatItExists(app, wanted);
  app.out.ok(`SSH alias ${alias}: ${wanted.shown}`);
  return 'ours';
}

function sayThatItExists(app: AliasContext, { alias, shown }: WantedAlias): AliasState {
  app.out.skip(`SSH alias ${alias} already exists: ${shown}`);
  return 'ours';
}

/** Prints the block, for the user to put it in place. */
export function showAlias(app: AliasContext, alias: SshAlias): void {
  for (const line of aliasText(alias)) app.out.notice(line);
}

/** Tells whether `~/.ssh/config` has this alias of ours, or of the predecessor. One that cannot be read counts as without it. */
export function hasAlias(app: Pick<App, 'sshFiles'>, alias: string): boolean {
  const config = visibleConfig(app);
  return typeof config === 'string' && ownerOf(config, alias) === 'rusta';
}

/** Returns the text of `~/.ssh/config`, or why it cannot be read. */
export function visibleConfig({ sshFiles }: Pick<App, 'sshFiles'>): string | RustaError {
  try {
    return sshFiles.readConfig();
  } catch (error) {
    if (error instanceof RustaError) return error;
    throw error;
  }
}

/** Removes rusta's own alias and no other. Returns whether there was one. Throws RustaError. */
export async function removeAlias(app: Pick<App, 'sshFiles'>, alias: string): Promise<boolean> {
  let wasThere = false;
  await app.sshFiles.updateConfig((config) => {
    const after = withoutAlias(config, alias);
    wasThere = after !== config;
    return wasThere ? after : undefined;
  });
  return wasThere;
}
