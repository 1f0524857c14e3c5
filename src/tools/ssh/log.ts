/** How far ssh came, according to its own log. */
export interface SshReport {
  /** The login succeeded: from here on the remote command may have run. */
  readonly authenticated: boolean;
  /** The remote command ended by itself: an exit code of 255 is its own, not ssh's. */
  readonly commandEnded: boolean;
  /** The messages of ssh, without those that only LOG_VERBOSE adds. */
  readonly lines: readonly string[];
  /** Why ssh could not connect: nothing has run, and nothing was read from stdin. undefined if it could, or another cause is known. */
  readonly refused: string | undefined;
}

/** The exit code of ssh when it fails itself. */
export const SSH_FAILED = 255;

/**
 * The functions whose messages ssh logs at any log level, to tell how far it came. A remote command may end with the same exit codes as
 * ssh, and a second login to tell them apart is not acceptable.
 */
export const LOG_VERBOSE =
  '*ssh_userauth2*,*kex_exchange_identification*,*client_input_channel_req*,*mux_client_request_session*,*sshpkt_vfatal*';
/**
 * The function in which ssh says why the protocol ended, at a level that spec 6.2 hides: a guest that still boots lets nobody in and
 * hangs up (pam_nologin).
 */
const ENDED = 'sshpkt_vfatal';

/** The form of the lines of LOG_VERBOSE: level, file, function and line. */
const FORCED = /^(?:\w+: )?[\w.-]+\.c:(\w+)\(\):\d+ \([^)]*\): (.*)$/;
/** Messages about the server's first lines; any other message of that function is a failure. */
const IDENTIFIED = /^(?:Local version|Remote protocol)|^no match:|^match:|compat/;
/** The message about a line that servers send in place of their version: they are too busy, or punish us (`PerSourcePenalties`). */
const BANNER_LINE = /^banner line \d+: (.*)$/;

/** Messages of ssh when it could not connect, or was thrown out before any login. */
const REFUSED = [
  /^ssh: connect to host \S+ port \d+: (.+)$/,
  /^kex_exchange_identification: (.+)$/,
  /^banner exchange: (.+)$/,
  /^ssh_exchange_identification: (.+)$/,
  /^ssh_dispatch_run_fatal: (.+)$/,
  /^(Connection timed out during banner exchange)$/,
  /^(Connection (?:closed|reset) by .+)$/,
  /^(Timeout, server .+)$/,
];

/** Messages of ssh before it connects by itself: another ssh was faster to open the shared connection, or that one has its ten sessions. */
const UNSHARED = /already exists, disabling multiplexing|session request failed: Session open refused by peer/;

/** Reads the log of ssh. */
function readSshLog(text: string): Omit<SshReport, 'refused'> & { readonly rejection: string | undefined } {
  const lines: string[] = [];
  let authenticated = false;
  let commandEnded = false;
  let rejection: string | undefined;
  let banner: string | undefined;
  for (const line of text.split(/\r?\n/).filter((candidate) => candidate.trim() !== '')) {
    const [, place, words = line] = FORCED.exec(line) ?? [];
    if (place === undefined || place === ENDED) {
      if (UNSHARED.test(line)) continue;
      lines.push(words);
      rejection ??= rejectionIn(words);
    } else if (place === 'ssh_userauth2') {
      authenticated ||= words.startsWith('Authenticated to');
    } else if (place === 'mux_client_request_session') {
      authenticated ||= words.startsWith('master session id');
      commandEnded ||= words.startsWith('Received exit status');
    } else if (place === 'client_input_channel_req') {
      commandEnded ||= /rtype exit-(?:status|signal)/.test(words);
    } else {
      const [, said] = BANNER_LINE.exec(words) ?? [];
      banner ??= said;
      if (said === undefined && !IDENTIFIED.test(words)) rejection ??= words.replace(/^kex_exchange_identification: /, '');
    }
  }
  return { authenticated, commandEnded, lines, rejection: banner === undefined ? rejection : `it says '${banner}'` };
}

/** Judges an exit code of ssh by its log. */
export function reportOf(code: number, log: string): SshReport {
  const { rejection, ...report } = readSshLog(log);
  return { ...report, refused: code === SSH_FAILED && !report.authenticated ? rejection : undefined };
}

/** Returns why scp or ssh-copy-id could not connect, from their output; undefined if they could. */
export function rejectionIn(stderr: string): string | undefined {
  for (const line of stderr.split(/\r?\n/)) {
    for (const pattern of REFUSED) {
      const [, reason] = pattern.exec(line.replace(/^\S*ssh-copy-id: ERROR: /, '')) ?? [];
      if (reason !== undefined) return reason;
    }
  }
  return undefined;
}
