import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plantAddress } from '../e2e/doctor/world.ts';
import { RUSTA } from '../e2e/rusta.ts';
import { toldWhereHomeIs } from '../sandbox/mac/layout.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { isolated, whyNotIsolated } from './isolated.ts';

setDefaultTimeout(60_000);

const HINT = 'macOS may block it: allow your terminal in System Settings > Privacy & Security > Local Network. A VPN can do this too.';
/** As macOS answers, at once, to programs of a terminal that may not use the local network. */
const BLOCKED = 'ip route add unreachable 192.168.64.0/24';

describe.skipIf(whyNotIsolated('ssh', 'sshpass') !== undefined)('a guest to which macOS lets nobody through', () => {
  let mac: Mac;
  beforeEach(async () => {
    mac = await createMac({ without: ['ssh', 'sshpass', 'scp', 'ssh-copy-id'] });
    writeFileSync(join(mac.bin, 'ssh'), toldWhereHomeIs('/usr/bin/ssh'), { mode: 0o755 });
    await mac.addVm('lab', { running: true });
    plantAddress(mac, 'lab', '192.168.64.7');
    // Its agent would be another way (D21), which the sshd of the stand-in is no end of.
    const silent = { program: 'tart', args: ['exec', 'lab'], do: 'exit', code: 1, stderr: 'unavailable (14)' } as const;
    mac.configure({ faults: [silent, { program: 'tart', args: ['ip', 'lab'], do: 'partial', stdout: '192.168.64.7\n' }] });
  });
  afterEach(() => mac[Symbol.asyncDispose]());

  test.each([
    ['ssh lab -- true', 255],
    ['ssh-copy lab', 1],
    ['docker-setup lab', 1],
  ])('%s ends within 30 s and says what to do', async (line, code) => {
    await mac.run('mkdir', ['-p', join(mac.home, '.ssh')]);
    writeFileSync(join(mac.home, '.ssh/id_rsa'), 'key', { mode: 0o600 });
    const [program, ...args] = isolated(BLOCKED, [RUSTA, ...line.split(' ')]);
    const started = performance.now();
    const result = await mac.run(program, args, { env: { PATH: `${mac.env['PATH']}:/usr/bin:/bin` }, timeoutMs: 45_000 });
    expect(result.code).toBe(code);
    expect(result.stderr).toContain('No route to host');
    expect(result.stderr).toContain(HINT);
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
