import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import { ours, readState, untilFree } from '../e2e/state.ts';
import { type KillPoint, runKilled, setTraps } from '../sandbox/kill.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import type { RunResult } from '../sandbox/spawn.ts';
import { waitUntil } from '../sandbox/wait.ts';

/** The life of a VM, and how many programs each command starts at least. */
export const LIFE: readonly (readonly [line: string, programs: number])[] = [
  ['create lab', 13],
  ['default lab', 2],
  ['set-gui lab on', 2],
  ['ssh-copy lab', 12],
  ['docker-setup lab', 16],
  ['up lab', 7],
  ['ssh lab -- true', 5],
  ['ssh-copy lab', 9],
  ['docker-setup lab', 8],
  ['down lab', 4],
  ['up lab', 8],
  ['down lab --force', 5],
  ['source add ghcr.io/me', 0],
  ['image add fedora', 0],
  ['delete lab --yes', 6],
];
/** All that rusta starts itself. */
const PROGRAMS = ['uname', 'tart', 'ps', 'sshpass', 'ssh', 'scp', 'ssh-copy-id', 'ssh-keygen', 'docker'];
const MAX_DELAY_MS = 60;
/** As long as messages name another command to try first. */
const ATTEMPTS = 6;

export interface Killed extends KillPoint {
  readonly line: string;
  /** It had not ended before. */
  readonly hit: boolean;
  /** What was wrong after it. */
  readonly problems: readonly string[];
}

/** Plays the life of a VM on a new Mac; each command is killed once, looked after, and made to end well. */
export async function playKilled(random: () => number): Promise<Killed[]> {
  await using mac = await createMac();
  setTraps(mac, PROGRAMS);
  mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
  writeFileSync(join(mac.home, '.ssh/cloud.pem'), 'a key\n', { mode: 0o600 });
  const all: Killed[] = [];
  for (const [line, programs] of LIFE) {
    const program = programs === 0 ? 0 : 1 + Math.floor(random() * programs);
    // Half of them before the program has done anything.
    const point = { program, delay: program > 0 && random() < 0.5 ? 0 : Math.round(random() * MAX_DELAY_MS) };
    const killed = await runKilled(mac, [RUSTA, ...line.split(' ')], point);
    const hit = killed.signal === 'SIGKILL';
    const problems = hit || killed.code === 0 ? [] : [`ended with ${killed.code}: ${killed.stderr}`];
    problems.push(...(await lookAround(mac)), ...(hit ? await endWell(mac, line) : []), ...leftBehind(mac, line));
    all.push({ line, ...point, hit, problems });
    // What follows would fail for the same reason.
    if (problems.length > 0) break;
  }
  return all;
}

/** Right after the kill. */
async function lookAround(mac: Mac): Promise<string[]> {
  const list = await mac.rusta(['list']);
  const state = readState(mac) ?? '';
  return [...(list.code === 0 ? [] : [`'rusta list' then: ${list.stderr}`]), ...(isToml(state) ? [] : [`state.toml is broken: ${state}`])];
}

function isToml(text: string): boolean {
  try {
    Bun.TOML.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The same again; where a message names what to do first, that. */
async function endWell(mac: Mac, line: string): Promise<string[]> {
  const said: string[] = [];
  let next = line;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { code, stdout, stderr } = await mac.rusta(next.split(' '));
    said.push(`'rusta ${next}' again: ${code} ${stdout}${stderr}`);
    // It may have been killed at its very end.
    const gone = line.startsWith('delete') && code === 2 && stderr.includes("VM 'lab' not found");
    if (next === line.replace(/^create lab$/, 'create lab --resume') || next === line) {
      if (code === 0 || gone) return endPower(mac, line);
    }
    next = await advised(mac, line, { code, stdout, stderr });
  }
  return said;
}

/** Complete is complete: a creation that was killed before the power was off leaves that to the guest, or to `down`. */
async function endPower(mac: Mac, line: string): Promise<string[]> {
  if (line !== 'create lab' || !mac.vm('lab').isRunning) return [];
  const { code, stderr } = await mac.rusta(['down', 'lab']);
  return code === 0 ? [] : [`'rusta down lab' then: ${stderr}`];
}

async function advised(mac: Mac, line: string, { code, stderr }: Pick<RunResult, 'code' | 'stdout' | 'stderr'>): Promise<string> {
  const resumed = line === 'create lab' ? 'create lab --resume' : line;
  if (code === 0) return resumed;
  if (stderr.includes('is busy')) await untilFree(mac);
  else if (/is starting already|someone else/.test(stderr)) await waitUntil('lab to run', () => mac.vm('lab').isRunning).catch(() => {});
  return /rusta (down lab --force)$/m.exec(stderr)?.[1] ?? /rusta (down lab) /.exec(stderr)?.[1] ?? resumed;
}

/** Nothing is claimed that is not so, and nothing half made is left. */
function leftBehind(mac: Mac, line: string): string[] {
  const found: string[] = [];
  const { exists, isRunning, runPid } = mac.vm('lab');
  const pid = existsSync(ours(mac, 'run/lab.pid')) ? Number(readFileSync(ours(mac, 'run/lab.pid'), 'utf8')) : undefined;
  // After any other command it is a claim that the next one looks into.
  if (line.startsWith('up') && pid !== undefined && pid !== runPid) found.push(`lab.pid names ${pid}, 'tart run' is ${runPid}`);
  if (line.startsWith('up') !== isRunning && /^(create|up|down|delete)/.test(line)) found.push(`lab is ${isRunning ? 'on' : 'off'}`);
  if (exists === line.startsWith('delete')) found.push(`lab is ${exists ? '' : 'not '}there`);
  const state = readState(mac) ?? '';
  if (/^setup/m.test(state)) found.push(`state: ${state}`);
  if (line.startsWith('delete')) found.push(...leftOfVm(mac, state));
  return found;
}

function leftOfVm(mac: Mac, state: string): string[] {
  const config = readFileSync(join(mac.home, '.ssh/config'), 'utf8');
  const folders = [ours(mac, 'state.toml'), ours(mac, 'run/x'), join(mac.home, '.ssh/x')].map(dirname);
  const files = folders.flatMap((folder) => readdirSync(folder)).filter((name) => /^\.rusta-|\.tmp$|^lab/.test(name));
  return [
    ...(/\blab\b/.test(state) ? [`state: ${state}`] : []),
    ...(config.includes('docker-lab') ? [`~/.ssh/config: ${config}`] : []),
    ...(files.length > 0 ? [`files are left: ${files}`] : []),
  ];
}
