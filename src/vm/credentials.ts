import type { App } from '../app.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** The login on the command line; undefined for what it leaves out. */
export interface LoginFlags {
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** The login of Tart's Ubuntu images (docs/tart.md, section 5). */
export const IMAGE_CREDENTIALS: Credentials = { user: 'admin', password: 'admin' };

/** Returns the login of a VM: the command line's, else what `create` was told, else the image's own (D4). */
export function credentialsOf(app: Pick<App, 'store'>, vm: string, flags?: LoginFlags): Credentials {
  const record = app.store.read().vms.get(vm);
  return {
    user: flags?.user ?? record?.user ?? IMAGE_CREDENTIALS.user,
    password: flags?.password ?? record?.password ?? IMAGE_CREDENTIALS.password,
  };
}
