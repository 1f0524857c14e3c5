import { expect, test } from 'bun:test';
import { RustaError } from '../../../src/errors.ts';
import { ensureDone, type RemoteTask } from '../../../src/reach/ensure-done.ts';

const TARGET = { user: 'admin', password: 'admin', address: '10.0.0.2', port: 22, privateKey: undefined, proxyCommand: undefined };

function hintOf(what: string, program: RemoteTask['program'], { code, stderr }: { readonly code: number; readonly stderr: string }) {
  try {
    ensureDone('lab', TARGET, { what, program }, {
      code,
      stdout: '',
      stderr,
      timedOut: false,
      authenticated: code !== 255,
    } as never);
  } catch (error) {
    if (error instanceof RustaError) return error.hint;
    throw error;
  }
  return 'done';
}

/** Each as OpenSSH and the guest's programs say it. */
test.each<[string, RemoteTask['program'], number, string, string | undefined]>([
  [
    'make ~/.ssh',
    'ssh',
    255,
    'Unable to negotiate with 10.0.0.2 port 22: no matching host key type found. Their offer: ssh-ed25519',
    'HostKeyAlgorithms',
  ],
  ['make ~/.ssh', 'ssh', 1, "chmod: changing permissions of '/home/admin/.ssh': Operation not permitted", 'sudo chown -R admin: ~/.ssh'],
  ['make ~/.ssh', 'ssh', 1, "mkdir: cannot create directory '/home/admin/.ssh': No space left on device", 'df -h'],
  ['copy the files', 'scp', 1, 'scp: write remote ".ssh/.rusta-copy-1/id_x": Failure', 'df -h'],
  ['copy the files', 'scp', 255, 'scp: Received message too long 1751477356', '~/.bashrc'],
  ['put the files in place', 'ssh', 1, '/home/admin/.ssh/id_x is a folder', undefined],
])('when it could not %s because %p %i said %p, then the hint has %p', (what, program, code, stderr, hint) => {
  const said = hintOf(what, program, { code, stderr });
  if (hint === undefined) expect(said).toBeUndefined();
  else expect(said).toContain(hint);
});
