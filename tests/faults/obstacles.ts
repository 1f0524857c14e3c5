import type { Mac } from '../sandbox/mac.ts';

/** The commands that meet each obstacle, the VM that they find, and what must hold where one is stopped by it. */
export interface Task {
  readonly args: readonly string[];
  readonly vm: 'none' | 'stopped' | 'running';
  readonly afterwards: (mac: Mac) => boolean;
}

const isOff = (mac: Mac) => !mac.vm('lab').exists || !mac.vm('lab').isRunning;
const pathExists = (mac: Mac) => mac.vm('lab').exists;
const always = () => true;

export const TASKS = {
  list: { args: ['list'], vm: 'stopped', afterwards: always },
  logs: { args: ['logs', 'lab'], vm: 'stopped', afterwards: always },
  ip: { args: ['ip', 'lab'], vm: 'running', afterwards: always },
  source: { args: ['source', 'add', 'ghcr.io/mine'], vm: 'none', afterwards: always },
  'set-gui': { args: ['set-gui', 'lab', 'on'], vm: 'stopped', afterwards: always },
  up: { args: ['up', 'lab'], vm: 'stopped', afterwards: isOff },
  down: { args: ['down', 'lab'], vm: 'running', afterwards: always },
  delete: { args: ['delete', 'lab', '--yes'], vm: 'stopped', afterwards: pathExists },
  create: { args: ['create', 'lab'], vm: 'none', afterwards: isOff },
  'ssh-copy': { args: ['ssh-copy', 'lab'], vm: 'stopped', afterwards: isOff },
  'docker-setup': { args: ['docker-setup', 'lab'], vm: 'running', afterwards: always },
} as const satisfies Record<string, Task>;

type Name = keyof typeof TASKS;

export interface Obstacle {
  /** What stands at `path` of the home folder in place of the other kind. */
  readonly kind: 'file' | 'folder';
  readonly path: string;
  /** These cannot go on; all others must not mind. */
  readonly stops: readonly Name[];
}

const OURS = '.local/share/rusta';
const READS_STATE: readonly Name[] = ['list', 'logs', 'source', 'set-gui', 'up', 'delete', 'create', 'ssh-copy', 'docker-setup'];
const BOOTS: readonly Name[] = ['up', 'create', 'ssh-copy'];

export const OBSTACLES: readonly Obstacle[] = [
  { kind: 'file', path: '.local', stops: READS_STATE },
  { kind: 'file', path: '.local/share', stops: READS_STATE },
  { kind: 'file', path: OURS, stops: READS_STATE },
  { kind: 'file', path: `${OURS}/run`, stops: [...BOOTS, 'delete'] },
  { kind: 'file', path: `${OURS}/provision`, stops: ['create'] },
  { kind: 'file', path: '.ssh', stops: ['ssh-copy', 'docker-setup'] },
  { kind: 'folder', path: `${OURS}/state.toml`, stops: READS_STATE },
  { kind: 'folder', path: `${OURS}/state.lock`, stops: ['source', 'set-gui', 'delete', 'create', 'docker-setup'] },
  { kind: 'folder', path: `${OURS}/run/lab.pid`, stops: BOOTS },
  { kind: 'folder', path: `${OURS}/run/lab.log`, stops: [...BOOTS, 'logs'] },
  { kind: 'folder', path: `${OURS}/run/lab.lock`, stops: [...BOOTS, 'delete'] },
  { kind: 'folder', path: `${OURS}/provision/lab.sh`, stops: ['create'] },
  { kind: 'folder', path: `${OURS}/provision/lab.log`, stops: ['create', 'logs'] },
  { kind: 'folder', path: `${OURS}/ssh-config.lock`, stops: ['docker-setup'] },
  { kind: 'folder', path: '.ssh/config', stops: ['docker-setup'] },
  { kind: 'folder', path: '.ssh/id_ed25519', stops: ['docker-setup'] },
  { kind: 'folder', path: '.ssh/id_ed25519.pub', stops: ['docker-setup'] },
];
