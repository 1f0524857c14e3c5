import { describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { quote } from '../../../../src/text/shell.ts';
import { reportOf } from '../../../../src/tools/ssh/log.ts';
import { remoteCommand } from '../../../../src/tools/ssh/ssh.ts';

/** What ssh is told to run, and what its log says of how that went. */
test('one word is a shell command line, several keep their boundaries', () => {
  expect(remoteCommand([])).toBeUndefined();
  expect(remoteCommand(['cd /srv && ls | wc -l'])).toBe('cd /srv && ls | wc -l');
  expect(remoteCommand(['echo', 'a b', '$HOME', "it's"])).toBe(`echo 'a b' '$HOME' 'it'\\''s'`);
  expect(remoteCommand(['uname', '-a'])).toBe('uname -a');
  expect(remoteCommand(['printf', '%s', ''])).toBe("printf %s ''");
});

test('a real shell reads quoted words as they were', () => {
  const word = fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !text.includes('\0') && text.isWellFormed());
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${words.map(quote).join(' ')}`], { encoding: 'utf8' });
      expect(stdout).toBe(words.map((text) => `${text}\0`).join(''));
    }),
    { numRuns: 60 },
  );
});

describe('what ssh says of itself', () => {
  const tag = (place: string) => `${place}():123 (bin=ssh, pid=7): `;
  const IN = `${tag('sshconnect2.c:ssh_userauth2')}Authenticated to 10.0.0.1 ([10.0.0.1]:22) using "password".\n`;
  const VERSIONS = `debug1: ${tag('kex.c:kex_exchange_identification')}Local version string SSH-2.0-OpenSSH_9.9\n`;
  const EXIT = `debug1: ${tag('clientloop.c:client_input_channel_req')}client_input_channel_req: channel 0 rtype exit-status reply 0\n`;

  test('once the guest has let it in, nothing counts as "could not connect"', () => {
    expect(reportOf(255, `${VERSIONS}${IN}Connection reset by 10.0.0.1 port 22\n`)).toEqual({
      authenticated: true,
      commandEnded: false,
      lines: ['Connection reset by 10.0.0.1 port 22'],
      refused: undefined,
    });
    expect(reportOf(255, VERSIONS + IN + EXIT)).toMatchObject({ authenticated: true, commandEnded: true, lines: [] });
  });

  test.each([
    ['ssh: connect to host 10.0.0.1 port 22: Connection refused', 'Connection refused'],
    ['ssh: connect to host 10.0.0.1 port 22: No route to host', 'No route to host'],
    ['kex_exchange_identification: read: Connection reset by peer\nConnection reset by 10.0.0.1 port 22', 'read: Connection reset by peer'],
    [`${tag('kex.c:kex_exchange_identification')}Connection closed by remote host`, 'Connection closed by remote host'],
    [
      `debug1: ${tag('kex.c:kex_exchange_identification')}banner line 0: Not allowed at this time\nConnection closed by 10.0.0.1 port 22`,
      "it says 'Not allowed at this time'",
    ],
    [`debug1: ${tag('kex.c:kex_exchange_identification')}banner line 0: Exceeded MaxStartups`, "it says 'Exceeded MaxStartups'"],
    [`${tag('packet.c:sshpkt_vfatal')}Connection closed by 10.0.0.1 port 22`, 'Connection closed by 10.0.0.1 port 22'],
  ])('%p', (log, refused) => expect(reportOf(255, `${VERSIONS}${log}\n`)).toMatchObject({ authenticated: false, refused }));

  test('why the protocol ended is told without the place, and tried again only where the connection went', () => {
    const words = 'Unable to negotiate with 10.0.0.1 port 22: no matching cipher found. Their offer: 3des-cbc';
    expect(reportOf(255, `${tag('packet.c:sshpkt_vfatal')}${words}\n`)).toMatchObject({ lines: [words], refused: undefined });
  });

  test.each(['Permission denied (publickey,password).', '/root/.ssh/config: line 1: Bad configuration option: usekeychain', ''])(
    'another cause is not tried again: %p',
    (log) => expect(reportOf(255, log).refused).toBeUndefined(),
  );
});

describe('over a connection that is shared', () => {
  const mux = (words: string) => `debug1: mux.c:mux_client_request_session():1961 (pid=3197): ${words}\r\n`;
  const OPENED = mux('entering') + mux('session request sent') + mux('master session id: 2');

  test('an exit code of 255 is the command’s own where it was received', () => {
    const log = OPENED + mux('Received exit status from master 255');
    expect(reportOf(255, log)).toEqual({ authenticated: true, commandEnded: true, lines: [], refused: undefined });
    expect(reportOf(255, OPENED)).toMatchObject({ authenticated: true, commandEnded: false });
  });

  test('that it cannot be used is no news: another connection is', () => {
    const log = `mux_client_request_session: session request failed: Session open refused by peer\r
ControlSocket /run/x already exists, disabling multiplexing\r\n`;
    expect(reportOf(0, log)).toMatchObject({ lines: [] });
  });
});
