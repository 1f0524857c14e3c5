import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Programs of the host that are safe because paths reach them mapped; the guest's PATH has nothing else of the host. */
const TOOLS = [
  ...['awk', 'base64', 'basename', 'cat', 'cmp', 'comm', 'cp', 'cut', 'dd', 'diff', 'dirname', 'du', 'echo', 'expr', 'false'],
  ...['file', 'find', 'grep', 'gunzip', 'gzip', 'head', 'ln', 'ls', 'md5sum', 'mkdir', 'mkfifo', 'mv', 'od', 'printf', 'pwd'],
  ...['readlink', 'realpath', 'rm', 'rmdir', 'sed', 'seq', 'sha256sum', 'shasum', 'sleep', 'sort', 'split', 'stat', 'stty', 'tail', 'tar'],
  ...['tee', 'test', 'touch', 'tr', 'true', 'truncate', 'tty', 'uniq', 'wc', 'xargs', 'yes', '[', 'chmod', 'egrep', 'fgrep', 'tac', 'nl'],
];

/** Played by the stand-in. Those without code of their own only record their call and succeed. */
const DOUBLES = [
  ...['bash', 'sh', 'sudo', 'env', 'timeout', 'nohup', 'setsid', 'nice', 'ionice', 'stdbuf', 'flock', 'install', 'mktemp'],
  ...['shutdown', 'poweroff', 'halt', 'systemctl', 'service', 'journalctl', 'loginctl', 'hostnamectl', 'timedatectl', 'cloud-init'],
  ...['apt-get', 'apt', 'apt-cache', 'apt-mark', 'add-apt-repository', 'dpkg', 'dpkg-query', 'dpkg-reconfigure', 'debconf-set-selections'],
  ...['fuser', 'lsof', 'usermod', 'useradd', 'adduser', 'groupadd', 'passwd', 'chpasswd', 'chown', 'chgrp', 'id', 'getent', 'whoami'],
  ...[
    'date',
    'groups',
    'curl',
    'wget',
    'uname',
    'hostname',
    'lsb_release',
    'sync',
    'mount',
    'umount',
    'ip',
    'nmcli',
    'netplan',
    'ufw',
    'snap',
  ],
  ...['kill', 'pkill', 'killall', 'pgrep', 'ps', 'sysctl', 'modprobe', 'update-alternatives', 'logger', 'ssh-keygen', 'gpg', 'df', 'nproc'],
];

/** The guests' /usr/bin, made once beside the stand-in's binary: links cost too much to make them for every VM. */
export function createTools(folder: string, standin: string): void {
  mkdirSync(folder, { recursive: true });
  for (const tool of TOOLS) {
    const path = Bun.which(tool, { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' });
    if (path) symlinkSync(path, join(folder, tool));
  }
  for (const name of DOUBLES) symlinkSync(standin, join(folder, name));
}

export const toolsOf = (standin: string): string => join(dirname(standin), basename(standin).replace('standin', 'tools'));

/** Of the program that is running. */
export const ownTools = (): string => toolsOf(realpathSync(process.execPath));
