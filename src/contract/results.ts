import * as v from 'valibot';

/**
 * What each command answers under --json: the one declaration from which its type and its JSON Schema are made (D22). Only types of it
 * reach the program. Keys are always there, null where the value is not known.
 */

const text = (description: string) => v.pipe(v.string(), v.description(description));
const flag = (description: string) => v.pipe(v.boolean(), v.description(description));
const whole = (description: string) => v.pipe(v.number(), v.integer(), v.description(description));

const VM = text('Name of the VM');

const ALIAS_STATE = v.picklist(['ours', 'users', 'to be pasted']);

const ListedVm = v.strictObject({
  name: VM,
  status: v.picklist(['running', 'suspended', 'stopped', 'damaged']),
  default: flag('Whether it is the default VM'),
  gui: v.nullable(flag("Whether 'up' boots it with a window; null where nothing was chosen")),
  image: v.nullable(text('The image that it was cloned from')),
  address: v.nullable(text('Its IPv4 address, where it is known without asking anybody')),
  shares: v.pipe(
    v.array(v.string()),
    v.description("Folders of the Mac that it sees, or will see in its next boot: '<folder>:<path in the VM>[:ro]'"),
  ),
  setup: v.pipe(
    v.nullable(v.picklist(['complete', 'cloning', 'booting', 'provisioning'])),
    v.description("How far 'create' came; null for a VM that rusta did not create"),
  ),
});

const started = () =>
  v.strictObject({
    vm: VM,
    changed: flag('false where it ran already'),
    gui: v.nullable(flag('Whether it has a window')),
    address: v.nullable(text('IPv4')),
  });

/** Changes of a list tell what the list is then. */
const Items = { items: v.pipe(v.array(v.string()), v.description('First in priority first')), built_in: flag('Nothing is configured') };
const list = () => v.strictObject(Items);
const listChange = () => v.strictObject({ item: v.string(), changed: flag('false where it was so already'), ...Items });

const Release = v.strictObject({
  version: text('The tag'),
  default: flag("Whether 'create' takes it without --version"),
  images: v.array(
    v.strictObject({
      image: v.string(),
      sources: v.pipe(v.array(v.string()), v.description('Those that have it, first in priority first')),
      reference: text("What 'create' clones"),
    }),
  ),
});

const Finding = v.strictObject({
  id: v.string(),
  group: v.picklist(['host', 'Tart', 'network', 'VMs']),
  vm: v.nullable(VM),
  title: text('What is wrong'),
  reason: text('Why that matters'),
  command: text('The one command to type'),
});

export const RESULTS = {
  version: v.strictObject({ version: text('The version of rusta') }),
  help: v.strictObject({ topic: v.nullable(text('The command or topic')), text: text('The page') }),
  create: v.strictObject({
    vm: VM,
    created: flag('false where the VM existed already'),
    image: v.nullable(text('The image that it was cloned from')),
    cpus: v.nullable(whole('Number of CPUs')),
    memory_mb: v.nullable(whole('Memory in MB')),
    disk_gb: v.nullable(whole('Disk in GB')),
    desktop: v.nullable(text('The desktop package; null for a server')),
    user: text('Login of the guest'),
    keys: v.pipe(v.array(v.string()), v.description('Files that --ssh-copy-keys copied')),
    ledger: v.pipe(v.array(v.strictObject({ step: v.string(), ms: whole('Milliseconds') })), v.description('Where the time went')),
  }),
  up: started(),
  restart: started(),
  down: v.strictObject({ vm: VM, changed: flag('false where it was off already'), status: v.picklist(['stopped', 'suspended']) }),
  delete: v.strictObject({ vm: VM, removed: v.pipe(v.array(v.string()), v.description('What went with the VM')) }),
  'set-gui': v.strictObject({ vm: VM, gui: v.boolean(), changed: flag('false where it was so already') }),
  ssh: v.strictObject({
    vm: VM,
    exit_code: whole('That of the remote command'),
    stdout: text('What is no UTF-8 is replaced'),
    stderr: v.string(),
  }),
  run: v.strictObject({
    vm: v.nullable(text('The VM, where it was kept')),
    exit_code: whole('That of the command; 124 where its time was over'),
    stdout: text('What is no UTF-8 is replaced'),
    stderr: v.string(),
  }),
  'ssh-copy': v.strictObject({ vm: VM, keys: v.pipe(v.array(v.string()), v.description('Names of the files that were copied')) }),
  'ssh-setup': v.strictObject({ vm: VM, alias: text('Name of the SSH alias'), alias_state: ALIAS_STATE }),
  'docker-setup': v.strictObject({
    vm: VM,
    address: text('IPv4'),
    alias: text('Name of the SSH alias'),
    alias_state: ALIAS_STATE,
    context: text('Name of the Docker context'),
    ready: flag('Whether alias and context were tried and lead to this VM'),
  }),
  ip: v.strictObject({ vm: VM, address: text('IPv4') }),
  list: v.strictObject({ vms: v.array(ListedVm) }),
  logs: v.strictObject({
    vm: VM,
    logs: v.array(v.strictObject({ kind: v.picklist(['provision', 'run']), path: v.string(), text: text('Without control characters') })),
  }),
  doctor: v.strictObject({
    checks: whole('How many ways to be broken were looked for'),
    findings: v.array(Finding),
    blind: v.pipe(v.array(v.string()), v.description('What could not be looked at, and why')),
    shares: v.pipe(
      v.array(v.strictObject({ vm: VM, share: text("'<folder>:<path in the VM>[:ro]'") })),
      v.description('Folders of the Mac that VMs see, or will see in their next boot'),
    ),
  }),
  default: v.strictObject({ vm: VM }),
  versions: v.strictObject({
    versions: v.pipe(v.array(Release), v.description('Ascending')),
    unreachable: v.array(v.strictObject({ source: v.string(), image: v.string(), reason: v.string() })),
  }),
  'source list': list(),
  'source add': listChange(),
  'source rm': listChange(),
  'source move': listChange(),
  'image list': list(),
  'image add': listChange(),
  'image rm': listChange(),
  'image move': listChange(),
} as const;

type Results = { readonly [Name in keyof typeof RESULTS]: v.InferOutput<(typeof RESULTS)[Name]> };
/** What the command of that name answers. */
export type ResultOf<Name extends keyof Results> = Results[Name];
export type Result = Results[keyof Results];
