import type { App } from '../app.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What the command line says about the login; undefined where it says nothing. */
export interface LoginFlags {
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** What Tart's Ubuntu images come with (docs/tart.md, section 5). */
export const IMAGE_CREDENTIALS: Credentials = { user: 'admin', password: 'admin' };

/** The command line's login, else what `create` was told, else the image's own (D4). */
export function credentialsOf(app: Pick<App, 'store'>, vm: string, flags?: LoginFlags): Credentials {
  const record = app.store.read().vms.get(vm);
  return {
    user: flags?.user ?? record?.user ?? IMAGE_CREDENTIALS.user,
    password: flags?.password ?? record?.password ?? IMAGE_CREDENTIALS.password,
  };
}
