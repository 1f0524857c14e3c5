import type { Desktop } from '../guest/desktops.ts';
import type { Resources } from '../tools/tart.ts';
import type { Credentials } from '../vm/credentials.ts';

/** What `create` was asked for. */
export interface CreatePlan {
  readonly vm: string;
  /** Finds the image to clone, only when it is needed. Throws RustaError where there is none. */
  readonly findReference: () => Promise<string>;
  readonly resources: Resources;
  readonly credentials: Credentials;
  /** undefined for a server. */
  readonly desktop: Desktop | undefined;
  /** A window while provisioning, to see what goes on. */
  readonly window: boolean;
  /** Go on with a VM whose creation stopped. */
  readonly resume: boolean;
}
