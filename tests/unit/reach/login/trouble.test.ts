import { expect, test } from 'bun:test';
import { loginTrouble, refusalHint } from '../../../../src/reach/login/trouble.ts';

const RUNNING = "Is it still running? 'rusta list' tells";

/** Each as OpenSSH says it. */
test.each<[string[], message: string, hint: string]>([
  [
    ['admin@10.0.0.2: Permission denied (publickey).'],
    "VM 'lab' takes no passwords: ",
    'Allow passwords in its sshd, or let it know your key: tart exec -i lab',
  ],
  [['Bad owner or permissions on /Users/x/.ssh/config'], 'ssh does not start: Bad owner', 'chmod go-w ~/.ssh/config'],
  [
    ['/Users/x/.ssh/config: line 2: Bad configuration option: foo', '/Users/x/.ssh/config: terminating, 1 bad configuration options'],
    'ssh does not start: /Users/x/.ssh/config: line 2: Bad',
    'IgnoreUnknown',
  ],
  [
    ['/Users/x/.ssh/more line 2: unsupported option "maybe".', '/Users/x/.ssh/more: terminating, 1 bad configuration options'],
    'ssh does not start: /Users/x/.ssh/more line 2: unsupported option',
    'mend it',
  ],
  [
    ['Unable to negotiate with 10.0.0.2 port 22: no matching cipher found. Their offer: 3des-cbc'],
    "ssh and the sshd of VM 'lab' have no algorithm in common: Unable",
    '~/.ssh/config',
  ],
  [['kex_exchange_identification: read: Connection reset by peer'], "the connection to VM 'lab' (10.0.0.2) failed: kex", RUNNING],
  [['Timeout, server 10.0.0.2 not responding.'], "the connection to VM 'lab' (10.0.0.2) failed: Timeout", RUNNING],
  [[], "the connection to VM 'lab' (10.0.0.2) failed", RUNNING],
])('when ssh says %p, then the hint fits', (lines, message, hint) => {
  const trouble = loginTrouble('lab', '10.0.0.2', lines);
  expect(trouble.message).toStartWith(message);
  expect(trouble.hint).toContain(hint);
});

test('when the guest hangs up at the login until the wait is over, then its own log is named', () => {
  expect(refusalHint('lab', 'Connection closed by 10.0.0.2 port 22')).toContain('tart exec lab sudo journalctl -u ssh');
  expect(refusalHint('lab', 'Connection refused')).toBeUndefined();
});

test('when ssh did reach the guest, then nobody is asked whether it still runs', () => {
  expect(loginTrouble('lab', '10.0.0.2', ['Host key verification failed.'])).toEqual({
    message: "the connection to VM 'lab' (10.0.0.2) failed: Host key verification failed.",
    hint: "'rusta ssh lab --verbose' shows more.",
  });
});
