import type { App } from '../app.ts';
import type { Desktop } from '../guest/desktops.ts';
import type { BootContext } from '../lifecycle/boot.ts';
import type { Resources } from '../tools/tart.ts';
import type { Credentials } from '../vm/credentials.ts';

/** What `create` was asked for. */
export interface CreatePlan {
  readonly vm: string;
  /** The image to clone, found only when it is needed. Throws RustaError where there is none. */
  readonly findReference: () => Promise<string>;
  readonly resources: Resources;
  readonly credentials: Credentials;
  /** undefined for a server. */
  readonly desktop: Desktop | undefined;
  /** A window while provisioning, to see what goes on. */
  readonly graphics: boolean;
  /** Go on with a VM whose set-up stopped. */
  readonly resume: boolean;
}

export type CreateContext = BootContext & Pick<App, 'store' | 'locks' | 'verbose' | 'registry' | 'freeBytes'>;
