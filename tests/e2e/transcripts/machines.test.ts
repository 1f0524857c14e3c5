import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { transcript } from './transcript.ts';

let mac: Mac;
beforeAll(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterAll(() => mac[Symbol.asyncDispose]());

const shown = (...args: string[]) => transcript(mac, [...args, '--json']);

test('when a command succeeds with --json, then its result is one document, and its steps are events', async () => {
  expect(await shown('up', 'lab')).toMatchInlineSnapshot(`
    "$ rusta up lab --json
    {"schema":1,"ok":true,"result":{"vm":"lab","changed":true,"gui":false,"address":"<address>"}}
    [stderr] {"event":"progress","title":"Starting VM 'lab' (headless)","state":"started","step":null,"of":null,"elapsed_ms":<n>}
    [stderr] {"event":"progress","title":"VM 'lab' is running","state":"done","step":null,"of":null,"elapsed_ms":<n>}
    [stderr] {"event":"progress","title":"IP address: <address>","state":"done","step":null,"of":null,"elapsed_ms":<n>}
    exit 0"
  `);
});

test('when a command fails with --json, then the document has a code, and the commands that can be typed next', async () => {
  expect(await shown('down', 'lap')).toMatchInlineSnapshot(`
    "$ rusta down lap --json
    {"schema":1,"ok":false,"error":{"code":"vm_not_found","exit":2,"message":"VM 'lap' not found","hint":"Did you mean 'lab'? Run 'rusta list' to see the VMs.","next":["rusta list"],"log":null}}
    exit 2"
  `);
  expect(await shown('down', '--force-it')).toMatchInlineSnapshot(`
    "$ rusta down --force-it --json
    {"schema":1,"ok":false,"error":{"code":"usage","exit":1,"message":"unknown flag '--force-it'","hint":"Did you mean '--force'? Run 'rusta down --help'.","next":["rusta down --help"],"log":null}}
    exit 1"
  `);
  expect(await shown('ssh')).toMatchInlineSnapshot(`
    "$ rusta ssh --json
    {"schema":1,"ok":false,"error":{"code":"usage","exit":1,"message":"with '--json' a command to run on the VM is needed, after '--'","hint":"Run 'rusta ssh --help'.","next":["rusta ssh --help"],"log":null}}
    exit 1"
  `);
});
