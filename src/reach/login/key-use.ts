import type { App } from '../../app.ts';
import { readIfExists } from '../../system/files/files.ts';

type KeyContext = Pick<App, 'sshFiles' | 'sshKeygen'>;

export interface KeyTrouble {
  /** Completes `… cannot be used: <reason>`. */
  readonly reason: string;
  /** The next command. */
  readonly remedy: string;
}

/** The begin of an OpenSSH key without a passphrase, in base64: `openssh-key-v1`, and the cipher `none`. */
const BARE = /^b3BlbnNzaC1rZXktdjEAAAAABG5vbmU/m;

/**
 * Returns why our key cannot be used without a question; undefined if it can. Nobody would answer: ssh asks for a passphrase on the
 * terminal of sshpass, which answers only to `password`, until the server hangs up minutes later. (D12)
 */
export async function keyTrouble({ sshFiles, sshKeygen }: KeyContext, vm: string): Promise<KeyTrouble | undefined> {
  const { privateKey } = sshFiles;
  const content = readIfExists(privateKey);
  if (content !== undefined && (BARE.test(content) || (await sshKeygen.opensUnasked(privateKey)))) return undefined;
  const publicKey = readIfExists(`${privateKey}.pub`);
  if (publicKey !== undefined && (await sshKeygen.agentHolds(publicKey))) return undefined;
  if (content === undefined) return { reason: `${privateKey} is gone`, remedy: `rusta docker-setup ${vm}` };
  return { reason: `${privateKey} has a passphrase and no ssh agent holds it`, remedy: `ssh-add ${privateKey}` };
}

/** Returns the key for logins to a VM that knows it; undefined for passwords alone. Warns if the key cannot be used. */
export async function keyForLogin(app: KeyContext & Pick<App, 'store' | 'out'>, vm: string): Promise<string | undefined> {
  if (app.store.read().vms.get(vm)?.key !== true) return undefined;
  const trouble = await keyTrouble(app, vm);
  if (trouble === undefined) return app.sshFiles.privateKey;
  app.out.warn(`${trouble.reason}: logging in with the password. '${trouble.remedy}' brings the key back.`);
  return undefined;
}
