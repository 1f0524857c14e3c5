import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../mac.ts';

/** A short script of the kind that provisions a VM. It leaves a canary in every place that such a script may write to. */
const PROVISION = `#!/bin/bash
set -Eeuo pipefail
exec > >(tee -a /var/log/provision.log) 2>&1
trap 'code=$?; echo "failed in line $LINENO"; echo "$code" > /var/log/provision.status; exit "$code"' ERR
export DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
CANARY="$1"
echo ">>> [1/3] packages"
systemctl stop unattended-upgrades.service apt-daily.timer || true
while fuser /var/lib/dpkg/lock-frontend >/dev/null 2>&1; do sleep 0.05; done
rm -f /var/lib/apt/lists/ports.ubuntu.com_{a,b}_Packages
timeout 60 add-apt-repository -y ppa:apt-fast/stable
apt-get -o Acquire::Retries=3 update
apt-get install -y apt-fast
apt-fast install -y git curl
tmp="$(mktemp)"
cat > "$tmp" <<'EOF'
unmanaged-devices=none
EOF
install -D -m 644 -o root -g root "$tmp" "/etc/NetworkManager/conf.d/$CANARY.conf"
home="$(getent passwd admin | cut -d: -f6)"
mkdir -p "$home/.config" && touch "$home/.config/$CANARY"
for place in /etc /tmp /var/log /run /root /usr/local /opt /usr/bin /sys; do mkdir -p "$place" && touch "$place/$CANARY"; done
echo 0 > /var/log/provision.status
echo ">>> [3/3] done"
`;

async function provision(mac: Mac, canary: string) {
  const upload = await mac.run('tart', ['exec', '-i', 'lab', 'sh', '-c', 'cat > /tmp/provision.sh && chmod 755 /tmp/provision.sh'], {
    stdin: PROVISION,
  });
  expect(upload).toMatchObject({ code: 0, stderr: '' });
  return await mac.run('tart', ['exec', 'lab', 'sudo', 'bash', '/tmp/provision.sh', canary]);
}

describe('the guest', () => {
  test('is provisioned, and nothing outside its folder is touched', async () => {
    await using mac = await createMac();
    const { guest } = await mac.addVm('lab', { running: true });
    const canary = `canary-${crypto.randomUUID()}`;
    const result = await provision(mac, canary);
    expect(result.stdout).toContain('>>> [3/3] done\n');
    expect(result.code).toBe(0);
    const places = ['etc', 'tmp', 'var/log', 'run', 'root', 'usr/local', 'opt', 'usr/bin', 'sys'];
    for (const place of places) {
      expect([place, existsSync(join(guest, place, canary))]).toEqual([place, true]);
      expect([place, existsSync(join('/', place, canary))]).toEqual([place, false]);
    }
    expect(readFileSync(join(guest, `etc/NetworkManager/conf.d/${canary}.conf`), 'utf8')).toBe('unmanaged-devices=none\n');
    expect(existsSync(join(guest, 'home/admin/.config', canary))).toBe(true);
    expect(readFileSync(join(guest, 'var/log/provision.status'), 'utf8')).toBe('0\n');
    expect(readFileSync(join(guest, 'var/log/provision.log'), 'utf8')).toContain('>>> [1/3] packages');
    expect(readFileSync(join(guest, 'tmp/provision.sh'), 'utf8')).toBe(PROVISION);
    expect(mac.calls('guest:bash')[0]?.args).toEqual(['/tmp/provision.sh', canary]);
    expect(mac.calls('guest:apt-fast').map(({ args }) => args)).toEqual([['install', '-y', 'git', 'curl']]);
    expect(mac.calls('guest:apt-get')[0]?.env).toMatchObject({ DEBIAN_FRONTEND: 'noninteractive' });
  });

  test('an apt-get that fails names its line and leaves a status', async () => {
    await using mac = await createMac();
    const { guest } = await mac.addVm('lab', { running: true });
    mac.configure({ faults: [{ program: 'guest:apt-get', args: ['install'], do: 'exit', code: 100, stderr: 'E: Unable to fetch\n' }] });
    const result = await provision(mac, 'x');
    expect(result.code).toBe(100);
    expect(result.stdout).toContain('E: Unable to fetch\n');
    expect(result.stdout).toContain(`failed in line ${PROVISION.split('\n').indexOf('apt-get install -y apt-fast') + 1}`);
    expect(readFileSync(join(guest, 'var/log/provision.status'), 'utf8')).toBe('100\n');
  });

  test('a held dpkg lock is waited for', async () => {
    await using mac = await createMac();
    const { guest } = await mac.addVm('lab', { running: true });
    const held = join(guest, 'var/lib/dpkg/lock-frontend.held');
    writeFileSync(held, '');
    const script = 'echo begin; while fuser /var/lib/dpkg/lock-frontend >/dev/null; do sleep 0.02; done; echo free';
    const waiting = mac.start('tart', ['exec', 'lab', 'bash', '-c', script]);
    await waiting.waitFor('begin');
    expect(waiting.stdout).not.toContain('free');
    rmSync(held);
    expect(await waiting.exited).toMatchObject({ code: 0, stdout: 'begin\nfree\n' });
  });
});
