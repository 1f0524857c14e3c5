import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { ours } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { cannotRun, inGuest, rustaOk, systemMac, TEST_MS } from '../guest.ts';
import { clonedVm, plant } from './plant.ts';

setDefaultTimeout(TEST_MS);
const BEHIND = 32 * 3_600;

/**
 * The guests of this machine share its clock, and may not set it. For apt and date alone there is another one: the real clock
 * and what /etc/faketimerc says, to which `date -s` adds.
 */
const FAKED = `export LD_PRELOAD=/usr/lib/$(uname -m)-linux-gnu/faketime/libfaketime.so.1 DONT_FAKE_MONOTONIC=1 FAKETIME_NO_CACHE=1\n`;
const DATE = `#!/bin/bash
if [ "\${1-}" = -s ]; then
  echo "\${2#@}" >> /var/log/clock-set
  printf '%+ds\\n' $((\${2#@} - $(/usr/bin/date +%s))) > /etc/faketimerc
  exit
fi
${FAKED}exec /usr/bin/date "$@"
`;
/** With a file /srv/asleep the Mac sleeps amid the first refresh. */
const APT_GET = `#!/bin/bash
if [ -e /srv/asleep ] && [[ " $* " == *" update "* ]]; then
  rm /srv/asleep
  echo '-${BEHIND}s' > /etc/faketimerc
fi
${FAKED}exec /usr/bin/apt-get "$@"
`;
/** The mirror with a date, which apt compares with the clock; and a hardware clock, which the Mac keeps right. */
const PREPARE = `#!/bin/bash
set -e
if [ ! -e /usr/local/bin/apt-get ]; then
  apt-get update
  apt-get install -y libfaketime
  cd /srv/mirror
  printf 'Date: %s\\nSHA256:\\n %s %s Packages\\n' "$(date -Ru -d '-1 hour')" "$(sha256sum Packages | cut -d' ' -f1)" "$(stat -c %s Packages)" > Release
  rm -rf /var/lib/apt/lists/*
  install -m 755 /srv/date /usr/local/bin/date
  install -m 755 /srv/apt-get /usr/local/bin/apt-get
fi
mount -t tmpfs tmpfs /sys/class
mkdir -p /sys/class/rtc/rtc0
while :; do
  /usr/bin/date +%s > /sys/class/rtc/rtc0/next
  mv /sys/class/rtc/rtc0/next /sys/class/rtc/rtc0/since_epoch
  touch /run/hardware-clock
  sleep 0.5
done
`;

describe.skipIf(cannotRun())('a guest whose clock stands 32 hours behind', () => {
  let mac: Mac;
  beforeEach(async () => {
    mac = await systemMac();
    await clonedVm(mac, 'lab');
    for (const [name, text] of Object.entries({ date: DATE, 'apt-get': APT_GET, prepare: PREPARE }))
      await plant(mac, 'lab', `/srv/${name}`, text, 0o755);
    await plant(
      mac,
      'lab',
      '/etc/systemd/system/prepare.service',
      '[Unit]\nBefore=tart-guest-agent.service\n[Service]\nExecStart=/srv/prepare\n',
    );
    const wait =
      '[Unit]\nWants=prepare.service\n[Service]\nExecStartPre=/bin/sh -c "until [ -e /run/hardware-clock ]; do sleep 0.1; done"\nTimeoutStartSec=120\n';
    await plant(mac, 'lab', '/etc/systemd/system/tart-guest-agent.service.d/prepare.conf', wait);
  });
  afterEach(() => mac?.[Symbol.asyncDispose]());

  const log = () => {
    const path = ours(mac, 'provision/lab.log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const resume = () => mac.rusta(['create', 'lab', '--resume'], { timeoutMs: TEST_MS });
  const secondsBehind = async () => Math.round(Date.now() / 1_000) - Number(await inGuest(mac, 'lab', 'date +%s'));

  test('is set by the clock of the Mac before anything is downloaded, and by each boot', async () => {
    await plant(mac, 'lab', '/etc/faketimerc', `-${BEHIND}s\n`);
    // So that the Mac is what helps.
    await plant(mac, 'lab', '/srv/prepare', PREPARE.replaceAll('/rtc0/since_epoch', '/rtc0/none'), 0o755);
    expect(await resume()).toMatchObject({ code: 0, stderr: '' });
    // What the Mac said was rounded, and is some seconds old by then, of which the script allows 30.
    expect(log()).toMatch(/^The clock was off by 115(?:1[7-9]\d|20[01]) s and is right now$/m);
    expect(log()).not.toContain('is not valid yet');
    await rustaOk(mac, 'up', 'lab');
    expect(Math.abs(await secondsBehind())).toBeLessThan(30);
    // What apt would have said.
    const update = `echo -${BEHIND}s > /etc/faketimerc; apt-get update -o APT::Update::Error-Mode=any 2>&1 || true`;
    expect(await inGuest(mac, 'lab', update)).toMatch(/E: Release file for .* is not valid yet \(invalid for another/);
    expect(await secondsBehind()).toBeGreaterThan(BEHIND - 60);
    await rustaOk(mac, 'restart', 'lab');
    expect(Math.abs(await secondsBehind())).toBeLessThan(30);
  });

  test('because the Mac slept amid the refresh, is set by the hardware clock before the next try', async () => {
    await plant(mac, 'lab', '/srv/asleep', '');
    expect(await resume()).toMatchObject({ code: 0, stderr: '' });
    expect(log()).toContain('is not valid yet');
    expect(log()).toMatch(/^The clock was off by 115\d\d\d s and is right now$/m);
  });

  test('heals by itself within a minute, and the journal says so once', async () => {
    expect(await resume()).toMatchObject({ code: 0, stderr: '' });
    await rustaOk(mac, 'up', 'lab');
    await inGuest(mac, 'lab', `systemctl restart rusta-clock.timer; echo -${BEHIND}s > /etc/faketimerc`);
    expect(await secondsBehind()).toBeGreaterThan(BEHIND - 60);
    const healed = 'for second in $(seq 60); do [ ! -s /var/log/clock-set ] || exit 0; sleep 1; done; exit 1';
    await inGuest(mac, 'lab', `rm -f /var/log/clock-set; timeout 70 sh -c '${healed}'`);
    expect(Math.abs(await secondsBehind())).toBeLessThan(5);
    // Two more turns have nothing to do and nothing to say.
    await inGuest(mac, 'lab', 'systemctl start rusta-clock.service; systemctl start rusta-clock.service');
    const journal = await inGuest(mac, 'lab', 'journalctl --boot --output=cat --unit=rusta-clock.service');
    expect(journal).toMatch(/^The clock was off by 115\d\d\d s and is right now\n$/);
  });
});
