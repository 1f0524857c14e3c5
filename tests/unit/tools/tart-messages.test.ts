import { describe, expect, test } from 'bun:test';
import { lastLines } from '../../../src/text/lines.ts';
import { explainTart } from '../../../src/tools/tart-messages.ts';

describe("Tart's messages in plain words", () => {
  const cases: [output: string, message: string][] = [
    ['Error: UnexpectedHTTPStatusCode(when: "pulling manifest", code: 404, details: "…")', 'no such image or tag'],
    ['Error: AuthFailed(why: "received unexpected HTTP status code 403 while …", details: "DENIED")', 'refused access'],
    ['new disk size of 10 GB should be larger than the current disk size of 20 GB', 'cannot be made smaller'],
    ['The number of VMs exceeds the system limit (other running VMs: a, b)', 'does not allow another running VM'],
    ['Error: Invalid virtual machine configuration. Too many CPUs.', 'refused the configuration'],
    ['SecKeyCreateRandomKey_ios failed', 'keychain is locked'],
    ['Error: LessThanMinimalResourcesError: VM should have 1 CPU cores at minimum (requested 0)', 'needs more CPUs or memory'],
    ['"tart exec" is only available on macOS 14 (Sonoma) or newer', 'this macOS is too old'],
    [
      'FAILED TO establish the default connection to the WindowServer, _CGSDefaultConnection() is NULL.',
      'no desktop session here for its window',
    ],
  ];
  test.each(cases)('%s', (output, message) => {
    expect(explainTart(output)?.message).toContain(message);
  });
  test('only what no later try can change is final', () => {
    const final = cases.filter(([output]) => explainTart(output)?.isFinal).map(([output]) => output);
    expect(final).toEqual(['"tart exec" is only available on macOS 14 (Sonoma) or newer']);
  });
  test('an unknown one stays as it is', () => {
    expect(explainTart('something else')).toBeUndefined();
  });
});

test('the last lines of a log, without empty ones and control sequences', () => {
  expect(lastLines('a\n\nb\r\n\u001b[31mc\u001b[0m\n', 2)).toEqual(['b', 'c']);
  expect(lastLines('', 3)).toEqual([]);
});
