import { agent } from './scenarios/agent.ts';
import { create } from './scenarios/create.ts';
import { lifecycle } from './scenarios/lifecycle.ts';
import { lists } from './scenarios/lists.ts';
import { reach } from './scenarios/reach.ts';
import { resume } from './scenarios/resume.ts';
import { ssh } from './scenarios/ssh.ts';
import type { Scenario } from './table.ts';

/** Every command with every program that it starts, on the Macs that make a difference. */
export const SCENARIOS: readonly Scenario[] = [...lists, ...lifecycle, ...ssh, ...create, ...agent, ...resume, ...reach];
