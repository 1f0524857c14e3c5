import { hang } from '../standin/io.ts';
import type { Program } from '../standin/programs.ts';
import { serveAgent } from './server.ts';

export const guestAgent: Program = async ({ args }) => {
  const [socketPath] = args;
  if (!socketPath) throw new Error('usage: tart-guest-agent <socket>');
  serveAgent(socketPath);
  return await hang();
};
