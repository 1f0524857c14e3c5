import { readdirSync, readlinkSync } from 'node:fs';
import { provisionScript } from '../../src/guest/provisioning/provision-script.ts';
import type { Mac } from '../sandbox/mac.ts';
import { whyUnsupported } from '../sandbox/system/base/packages.ts';
import { findLeader, procText } from '../sandbox/system/processes.ts';
import { waitUntil } from '../sandbox/wait.ts';
import { hide } from '../system/create/plant.ts';
import { rustaOk, STEP_MS, systemMac } from '../system/guest.ts';
import type { Row } from './measure.ts';

const OPTION = ' -o Dpkg::Options::=--force-unsafe-io';
const BUDGET = 0.25;
/** The namespaces of a system guest: those of its hardware and of its container. */
const NAMESPACES = 2;

/**
 * How often the provisioning of a server waits until the disk has all, beside what it would without our option for dpkg. Counted and not
 * timed: the disk of this machine may answer at once, that of a Mac's guest takes milliseconds each time.
 */
export async function benchFirstCreate(): Promise<Row[]> {
  const reason = whyUnsupported() ?? (Bun.which('strace') === null ? 'there is no strace' : undefined);
  if (reason !== undefined) {
    console.error(`left out: ${reason}`);
    return [];
  }
  await using mac = await systemMac();
  const script = provisionScript({ vm: 'lab', desktop: undefined, user: 'admin', isCopy: false, script: false });
  if (script.split(OPTION).length !== 2) throw new Error(`the provisioning script has not '${OPTION}' once`);
  const ours = await syncsOf(mac, 'ours', script);
  const plain = await syncsOf(mac, 'plain', script.replace(OPTION, ''));
  return [
    {
      what: 'waits for the disk while a server is provisioned, beside those without `--force-unsafe-io`',
      measured: `${((ours / plain) * 100).toFixed(0)} %`,
      budget: `at most ${BUDGET * 100} %`,
      ok: ours / plain <= BUDGET,
      how: `${ours} and ${plain} syncs`,
    },
  ];
}

/** The number of syncs, on a VM of its own. */
async function syncsOf(mac: Mac, vm: string, script: string): Promise<number> {
  await mac.addVm(vm);
  // The base of all tests never syncs.
  await hide(mac, vm, '/etc/dpkg/dpkg.cfg.d/unsafe-io');
  await rustaOk(mac, 'up', vm);
  await inGuest(mac, ['-i', vm, 'sh', '-c', 'cat > /tmp/provision.sh'], script);
  const agent = String(agentOf(mac, vm));
  const strace = Bun.spawn(['strace', '--follow-forks', '--trace=fsync,fdatasync,sync,syncfs', '--attach', agent], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = strace.stderr.text();
  await waitUntil('strace to watch', () => /^TracerPid:\s*[1-9]/m.test(procText(`${agent}/status`)));
  await inGuest(mac, [vm, 'sudo', 'bash', '/tmp/provision.sh']);
  strace.kill('SIGINT');
  await strace.exited;
  await rustaOk(mac, 'delete', vm, '--yes', '--force-running');
  return (await said).match(/\b(?:fsync|fdatasync|sync|syncfs)\(/g)?.length ?? 0;
}

/** The guest's agent, which starts all that is run in it. */
function agentOf(mac: Mac, vm: string): number {
  const namespace = (pid: number) => readlinkSync(`/proc/${pid}/ns/pid`);
  const leader = findLeader(mac.vm(vm).runPid ?? Number.NaN, NAMESPACES);
  if (leader === undefined) throw new Error(`VM '${vm}' has no process`);
  const agents = readdirSync('/proc')
    .map(Number)
    .filter((pid) => procText(`${pid}/comm`).startsWith('tart-guest-agen') && namespace(pid) === namespace(leader));
  const [agent] = agents;
  if (agent === undefined || agents.length > 1) throw new Error(`VM '${vm}' has ${agents.length} agents`);
  return agent;
}

async function inGuest(mac: Mac, words: readonly string[], stdin = ''): Promise<void> {
  const { code, stdout, stderr } = await mac.run('tart', ['exec', ...words], { stdin, timeoutMs: STEP_MS });
  if (code !== 0) throw new Error(`tart exec ${words.join(' ')} ended with ${code}\n${stdout.slice(-1_000)}\n${stderr}`);
}
