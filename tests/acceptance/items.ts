import { create } from './items/create.ts';
import { down } from './items/down.ts';
import { help } from './items/help.ts';
import { host } from './items/host.ts';
import { query } from './items/query.ts';
import { ssh } from './items/ssh.ts';
import { up } from './items/up.ts';
import type { Item } from './run.ts';

/** Spec section 10, in its order. */
export const ITEMS: readonly Item[] = [...help, ...create, ...up, ...down, ...query, ...ssh, ...host];
