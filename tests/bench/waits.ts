import { createMac, type Mac } from '../sandbox/mac.ts';
import { median, ms, type Row } from './measure.ts';

const BUDGET_MS = 250;
/** How long the guest takes, in milliseconds: neither multiples of one another nor of any polling. */
const DELAYS_MS = [310, 430, 570, 720, 890, 1_130, 1_430, 1_790, 2_170, 2_990];

/** How long after the event the user is told of it. */
export async function benchWaits(rusta: string): Promise<Row[]> {
  // As long as Tart itself waits and pauses (in tests it is quicker): a look that hangs must not hold up the answer.
  await using mac = await createMac({ knobs: { timing: { execWindow: 30_000, execRetry: 1_000 } } });
  const up: number[] = [];
  const down: number[] = [];
  for (const delay of DELAYS_MS) {
    const vm = `vm${delay}`;
    await mac.addVm(vm);
    mac.configure({ timing: { agentUp: delay, shutdown: delay } });
    const running = await run(rusta, mac, ['up', vm], `VM '${vm}' is running`);
    up.push(running.saidAt - (await mac.event('agent-up', vm)).at);
    const stopped = await run(rusta, mac, ['down', vm], `VM '${vm}' is stopped`);
    down.push(stopped.endedAt - (await mac.event('guest-off', vm)).at);
  }
  return [row('from the agent answering to `rusta up` saying so', up), row('from the guest being off to `rusta down` returning', down)];
}

function row(what: string, times: readonly number[]): Row {
  const middle = median(times);
  const sample = `median of ${times.length} boots of ${DELAYS_MS[0]} to ${DELAYS_MS.at(-1)} ms`;
  return {
    what,
    measured: ms(middle),
    budget: ms(BUDGET_MS),
    ok: middle <= BUDGET_MS,
    how: `${sample}, worst ${ms(Math.max(...times))}`,
  };
}

/** Milliseconds since 1970, the clock of the stand-in's events. */
async function run(rusta: string, mac: Mac, args: readonly string[], text: string): Promise<{ saidAt: number; endedAt: number }> {
  const child = Bun.spawn([rusta, ...args], { env: mac.env, cwd: mac.home, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let saidAt = Number.NaN;
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    output += decoder.decode(chunk, { stream: true });
    if (Number.isNaN(saidAt) && output.includes(text)) saidAt = Date.now();
  }
  const code = await child.exited;
  const endedAt = Date.now();
  if (code !== 0 || Number.isNaN(saidAt)) throw new Error(`rusta ${args.join(' ')} ended with ${code}: ${output}`);
  return { saidAt, endedAt };
}
