import type { App } from '../app.ts';
import { UsageError } from '../errors.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What the command line says about the login; undefined where it says nothing. */
export interface LoginFlags {
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** What Tart's Ubuntu images come with (contract, section 5). */
export const IMAGE_CREDENTIALS: Credentials = { user: 'admin', password: 'admin' };

/** The command line's login, else what `create` was told, else the image's own (design D4). */
export function credentialsOf(app: Pick<App, 'store'>, vm: string, flags: LoginFlags): Credentials {
  const record = app.store.read().vms.get(vm);
  return {
    user: flags.user ?? record?.user ?? IMAGE_CREDENTIALS.user,
    password: flags.password ?? record?.password ?? IMAGE_CREDENTIALS.password,
  };
}

/** Debian's and Ubuntu's rule for login names, so that none can be an option of ssh. Throws UsageError. */
export function checkUserName(user: string, command: string): void {
  if (/^[a-z_][a-z0-9_-]{0,31}$/i.test(user)) return;
  throw new UsageError(`'${user}' is not a user name`, command);
}
