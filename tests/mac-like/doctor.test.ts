import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { plantAddress } from '../e2e/doctor/world.ts';
import { RUSTA } from '../e2e/rusta.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { isolated, whyNotIsolated } from './isolated.ts';

setDefaultTimeout(60_000);

/** As macOS answers, at once, to programs of a terminal that may not use the local network. */
const BLOCKED = 'ip route add unreachable 192.168.64.0/24';

describe.skipIf(whyNotIsolated() !== undefined)('rusta doctor where macOS lets nobody through to a guest', () => {
  let mac: Mac;
  beforeEach(async () => {
    mac = await createMac({ knobs: { tartVersion: '2.37.0' } });
    await mac.addVm('lab', { running: true });
    plantAddress(mac, 'lab', '192.168.64.7');
    mac.configure({ faults: [{ program: 'tart', args: ['ip', 'lab'], do: 'partial', stdout: '192.168.64.7\n' }] });
  });
  afterEach(() => mac[Symbol.asyncDispose]());

  const doctor = async (setUp: string) => {
    const [program, ...args] = isolated(setUp, [RUSTA, 'doctor']);
    return mac.run(program, args, { env: { PATH: `${mac.env['PATH']}:/usr/bin:/bin` } });
  };

  test('the permission is named, for the agent answers', async () => {
    const { code, stdout } = await doctor(BLOCKED);
    expect(code).toBe(1);
    expect(stdout).toContain("macOS lets nothing of this terminal through to VM 'lab' (192.168.64.7): EHOSTUNREACH\n");
    expect(stdout).toContain("$ open 'x-apple.systempreferences:com.apple.preference.security?Privacy_LocalNetwork'\n");
    expect(stdout).toContain('\n1 thing is wrong');
  });

  test('the VPN is, where the way leads into one', async () => {
    mac.configure({ macos: { route: 'utun7' } });
    const { code, stdout } = await doctor(BLOCKED);
    expect(code).toBe(1);
    expect(stdout).toContain("The way to VM 'lab' (192.168.64.7) leads into a VPN (utun7)\n");
    expect(stdout).toContain('\n1 thing is wrong');
  });

  test('nothing is, where there is a way', async () => {
    expect(await doctor('ip addr add 192.168.64.7/24 dev lo')).toMatchObject({ code: 0, stderr: '' });
  });
});
