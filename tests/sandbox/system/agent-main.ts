/** The guest agent alone, for tests of this folder; elsewhere the stand-in binary plays it. */
import { serveAgent } from '../agent/server.ts';

serveAgent(process.argv[2] ?? '');
