import type { App } from '../app.ts';
import { UsageError } from '../errors.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What Tart's Ubuntu images come with (contract, section 5). */
export const IMAGE_CREDENTIALS: Credentials = { user: 'admin', password: 'admin' };

/** What `create` was told about the guest's login, else the image's own. */
export function credentialsOf(app: Pick<App, 'store'>, vm: string): Credentials {
  const record = app.store.read().vms.get(vm);
  return { user: record?.user ?? IMAGE_CREDENTIALS.user, password: record?.password ?? IMAGE_CREDENTIALS.password };
}

/** Debian's and Ubuntu's rule for login names, so that none can be an option of ssh. Throws UsageError. */
export function checkUserName(user: string, command: string): void {
  if (/^[a-z_][a-z0-9_-]{0,31}$/i.test(user)) return;
  throw new UsageError(`'${user}' is not a user name`, command);
}
