import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ours, writeState } from '../e2e/state.ts';
import { startWorld } from '../registry/world.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const toml = (text: string) => `"${[...text].map((letter) => `\\U${letter.charCodeAt(0).toString(16).padStart(8, '0')}`).join('')}"`;

/** Retitles the terminal, clears it, and writes over the line; some of it would only come to be when the rest is removed. */
const EVIL = '\x1b]0;owned\x07\x1b[2J\x1b\x1b[31m[1A\x9b2K\r[ok] all is well\x08\x7f';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;

async function isQuiet(args: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const log = join(mac.root, `log-${crypto.randomUUID()}`);
  const { stdout, stderr } = await mac.rusta(['--log', log, ...args], { env });
  expect(stdout + stderr).toContain('all is well');
  for (const text of [stdout, stderr]) expect(text).not.toMatch(CONTROL);
  expect(readFileSync(log, 'utf8').replaceAll('\r', '')).not.toMatch(CONTROL);
}

const row = (name: string) => ({ Source: 'local', Name: name, State: 'stopped', Running: false });
const tartSays = (args: string[], fault: { stdout?: string; stderr?: string; code?: number }) =>
  mac.configure({ faults: [{ program: 'tart', args, do: fault.code === undefined ? 'partial' : 'exit', ...fault }] });

test('names that tart list says', async () => {
  tartSays(['list'], { stdout: JSON.stringify([row(`x${EVIL}`), row('lab')]) });
  await isQuiet(['list']);
  tartSays(['list'], { stdout: JSON.stringify([{ ...row(`x${EVIL}`), State: 'odd', Running: 1 }]) });
  await isQuiet(['list']);
  writeState(mac, `default_vm = ${toml(`x${EVIL}`)}\n`);
  tartSays(['list'], { stdout: JSON.stringify([row(`x${EVIL}`)]) });
  await isQuiet(['up']);
});

test('a name of two lines is one row', async () => {
  tartSays(['list'], { stdout: JSON.stringify([row('x\nlab   running   *')]) });
  expect((await mac.rusta(['list'])).stdout.trim().split('\n')).toHaveLength(2);
});

test('what programs say when they fail', async () => {
  tartSays(['list'], { code: 1, stderr: `${EVIL}\n` });
  await isQuiet(['list']);
  await mac.addVm('lab');
  mac.configure({ faults: [], behavior: { bootError: EVIL } });
  await isQuiet(['up', 'lab']);
  mac.configure({
    behavior: { bootError: undefined },
    faults: [{ program: 'guest:apt-get', do: 'exit', code: 1, stdout: EVIL, stderr: EVIL }],
  });
  await isQuiet(['create', 'new', '--verbose']);
  writeFileSync(ours(mac, 'run/lab.log'), `${EVIL}\n`);
  const { stdout } = await mac.rusta(['logs', 'lab', '--run']);
  expect(stdout.replaceAll('\r', '')).not.toMatch(CONTROL);
});

test('what a state file, the command line and ssh say', async () => {
  await mac.addVm('lab', { running: true });
  for (const [text, expected] of [
    [`x = "${EVIL}"`, 1],
    [`[vms.lab]\nsetup = ${toml(EVIL)}`, 1],
    // The record of another VM costs nobody else anything (D28).
    [`[vms.${toml(EVIL)}]\ngui = 1`, 0],
  ] as const) {
    writeState(mac, text);
    const { code, stderr } = await mac.rusta(['set-gui', 'lab', 'on']);
    expect({ text, code, raw: CONTROL.test(stderr) }).toEqual({ text, code: expected, raw: false });
  }
  writeState(mac, '');
  const { stderr } = await mac.rusta([`lab${EVIL}`]);
  expect(stderr).toContain('all is well');
  expect(stderr).not.toMatch(CONTROL);
  mac.configure({ faults: [{ program: 'ssh-copy-id', do: 'exit', code: 1, stderr: EVIL }] });
  mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
  await isQuiet(['docker-setup', 'lab']);
});

test('tags and reasons of a registry', async () => {
  await using world = await startWorld({ kind: 'double', catalogue: { 'cirruslabs/ubuntu': [`24.04${EVIL}`, `${EVIL}`, '22.04'] } });
  const { code, stdout } = await mac.rusta(['versions', '--image', 'ubuntu'], { env: world.env });
  expect({ code, stdout }).toEqual({ code: 0, stdout: '22.04\n' });
});
