import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import quickScript from '../standin/quick.sh' with { type: 'text' };

/** Programs of the host that are safe because paths reach them mapped; the guest's PATH has nothing else of the host. */
const TOOLS = [
  ...['awk', 'base64', 'basename', 'cat', 'cmp', 'comm', 'cp', 'cut', 'dd', 'diff', 'dirname', 'du', 'echo', 'expr', 'false'],
  ...['file', 'find', 'grep', 'gunzip', 'gzip', 'head', 'ln', 'ls', 'md5sum', 'mkdir', 'mkfifo', 'mv', 'od', 'perl', 'printf', 'pwd'],
  ...['readlink', 'realpath', 'rm', 'rmdir', 'sed', 'seq', 'sha256sum', 'shasum', 'sleep', 'sort', 'split', 'stat', 'stty', 'tail', 'tar'],
  ...['tee', 'test', 'touch', 'tr', 'true', 'truncate', 'tty', 'uniq', 'wc', 'xargs', 'yes', '[', 'chmod', 'egrep', 'fgrep', 'tac', 'nl'],
];

/** Only record their call and succeed. */
const SILENT = [
  ...['ionice', 'service', 'journalctl', 'loginctl', 'hostnamectl', 'timedatectl', 'cloud-init', 'apt-mark', 'dpkg-reconfigure'],
  ...['debconf-set-selections', 'lsof', 'useradd', 'adduser', 'groupadd', 'passwd', 'chpasswd', 'chown', 'chgrp', 'wget', 'lsb_release'],
  ...['sync', 'umount', 'nmcli', 'netplan', 'ufw', 'snap', 'kill', 'pkill', 'killall', 'ps', 'sysctl', 'modprobe'],
  ...['update-alternatives', 'logger', 'ssh-keygen', 'gpg', 'df', 'nproc'],
];

/** Played by the stand-in, which has code for each. */
const PLAYED = [
  ...['bash', 'sh', 'sudo', 'env', 'timeout', 'nohup', 'setsid', 'nice', 'stdbuf', 'flock', 'install', 'mktemp', 'date', 'pgrep'],
  ...['shutdown', 'poweroff', 'halt', 'systemctl', 'apt-get', 'apt', 'apt-cache', 'add-apt-repository', 'dpkg', 'dpkg-query'],
  ...['fuser', 'usermod', 'id', 'getent', 'whoami', 'groups', 'curl', 'uname', 'hostname', 'ip', 'mount', 'mountpoint'],
];

/** Those for which a script stands in before the stand-in does. */
const QUICK = [...SILENT, 'systemctl', 'fuser', 'hostname', 'dpkg', 'apt-get', 'timeout', 'mktemp', 'date', 'ip'];
const SCRIPT = '.quick';
const BEHIND = '.played';

/** The guests' /usr/bin, made once beside the stand-in's binary: links cost too much to make them for every VM. */
export function createTools(folder: string, standin: string): void {
  mkdirSync(join(folder, BEHIND), { recursive: true });
  for (const tool of TOOLS) {
    const path = Bun.which(tool, { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' });
    if (path) symlinkSync(path, join(folder, tool));
  }
  writeFileSync(join(folder, SCRIPT), quickScript.replaceAll('@PLAYED@', join(toolsOf(standin), BEHIND)), { mode: 0o755 });
  for (const name of ['uname', ...QUICK]) symlinkSync(standin, join(folder, BEHIND, name));
  for (const name of QUICK) symlinkSync(SCRIPT, join(folder, name));
  for (const name of PLAYED.filter((each) => !QUICK.includes(each))) symlinkSync(standin, join(folder, name));
}

/** What the Mac's `uname` is a link to. */
export const quickScriptOf = (standin: string): string => join(toolsOf(standin), SCRIPT);

export const toolsOf = (standin: string): string => join(dirname(standin), basename(standin).replace('standin', 'tools'));

/** Of the program that is running. */
export const ownTools = (): string => toolsOf(realpathSync(process.execPath));
