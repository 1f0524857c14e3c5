import { appendFileSync } from 'node:fs';
import { pump, terminalSize } from '../../agent/pump.ts';
import { err, isTerminal, out } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';
import { parseSsh, resolveTarget } from './ssh-options.ts';
import { logIn } from './sshd.ts';

const EXIT_STATUS = 'clientloop.c:client_input_channel_req';

/** The command's words joined by blanks, for the account's shell: that is all the quoting there is. */
export const ssh: Program = async (context) => {
  const line = parseSsh(context.args);
  if (line.flags.has('V')) {
    err('OpenSSH_9.9p2, LibreSSL 3.3.6');
    return 0;
  }
  const { options, identities, user } = line;
  // OpenSSH takes options behind the host, too.
  const behind = parseSsh(!line.terminated && line.rest[0]?.startsWith('-') ? line.rest : []);
  const command = behind.destination === '' ? line.rest : [behind.destination, ...behind.rest];
  const target = resolveTarget(
    { options: [...options, ...behind.options], identities: [...identities, ...behind.identities], user: user ?? behind.user },
    line.destination,
  );
  if (line.flags.has('G')) {
    out(`user ${target.user}\nhostname ${target.host}`);
    return 0;
  }
  const { log } = line;
  const say = log === undefined ? err : (text: string) => appendFileSync(log, `${text}\n`);
  // What LogVerbose brings to light at any log level.
  const tell = (text: string) => (log !== undefined && target.options.has('logverbose') ? say(text) : undefined);
  const { connection } = await logIn(context, target, say);
  tell(`sshconnect2.c:ssh_userauth2():580 (pid=${process.pid}): Authenticated to ${target.host} ([${target.host}]:22) using "password".`);
  const wantsTty = (command.length === 0 && !line.flags.has('T')) || line.flags.has('t') || behind.flags.has('t');
  const tty = wantsTty && (await isTerminal(0)) && (await isTerminal(1)) ? { tty: terminalSize() } : {};
  const env = { SSH_CONNECTION: '192.168.64.1 50022 192.168.64.2 22', ...('tty' in tty ? { TERM: process.env['TERM'] ?? 'dumb' } : {}) };
  const argv = command.length === 0 ? ['bash', '-l'] : ['bash', '-c', command.join(' ')];
  const request = { argv, stdin: !line.flags.has('n'), login: { user: target.user, env }, ...tty };
  const outcome = await pump(connection, request);
  const clientError = 255;
  if (outcome.kind === 'exit')
    tell(`debug1: ${EXIT_STATUS}():1821 (pid=${process.pid}): client_input_channel_req: channel 0 rtype exit-status`);
  if (outcome.kind === 'exit') return outcome.code < 0 ? clientError : outcome.code & 0xff;
  if (outcome.kind === 'lost') err(`Connection to ${target.host} closed by remote host.`);
  return clientError;
};
