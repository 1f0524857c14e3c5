import { expect, test } from 'bun:test';
import { healthyMac } from '../doctor/world.ts';
import { writeState } from '../state.ts';
import { transcript } from './transcript.ts';

test('when all is well, then doctor says so in one line', async () => {
  await using mac = await healthyMac();
  expect(await transcript(mac, ['doctor'])).toMatchInlineSnapshot(`
    "$ rusta doctor
    [ok] <n> checks found nothing wrong
    exit 0"
  `);
});

test('when three things are wrong, then each comes with its reason and a command', async () => {
  await using mac = await healthyMac();
  mac.configure({ macos: { version: '13.7.2', route: 'utun4' } });
  writeState(mac, '[vms.web]\nsetup = "booting"\n');
  expect(await transcript(mac, ['doctor'])).toMatchInlineSnapshot(`
    "$ rusta doctor
    ==> host
      macOS 13.7.2 is older than 14
        Tart talks to guests from macOS 14 on: here a VM boots, and rusta never hears from it.
        $ softwareupdate --list
    ==> network
      The way to VM 'lab' (<address>) leads into a VPN (utun4)
        The VPN took the network of the VMs for its own. Leave it out of the VPN's routes, disconnect, or give this VM a way of its own until its next start.
        $ sudo route -n add -host <address> -interface bridge100
    ==> VMs
      VM 'web' is not complete: its creation stopped while booting
        rusta knows what was asked for, and '--resume' goes on from there.
        $ rusta create web --resume

    3 things are wrong (<n> checks)
    exit 1"
  `);
});
