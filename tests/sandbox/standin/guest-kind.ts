import type { GuestKind } from '../guest.ts';
import type { Context } from './context.ts';

export const guestKind = async (context: Context): Promise<GuestKind> =>
  context.knobs().guest === 'system'
    ? (await import('../system/kind.ts')).systemGuest
    : (await import('../scratch/kind.ts')).createScratchGuest(context);
