import type { App } from '../../app.ts';
import { askVmName, requireTerminalFor } from '../../create/ask-name.ts';
import { createVm } from '../../create/create.ts';
import { flagWords, USUAL } from '../../create/plan.ts';
import { createResult } from '../../create/result.ts';
import { printSummary } from '../../create/summary.ts';
import { readUserScript } from '../../create/user-script.ts';
import { DEFAULT_DESKTOP, DESKTOPS } from '../../guest/provisioning/desktops.ts';
import { chooseReference, defaultImage, wantedImage } from '../../images/choose.ts';
import { checkReference, checkVersion, DEFAULT_VERSION, suggestedVmName } from '../../images/reference.ts';
import { announceRunning } from '../../lifecycle/announce.ts';
import { failWhenEnded } from '../../lifecycle/boot.ts';
import { bringUp } from '../../lifecycle/up.ts';
import { keysToCopy, sshCopy } from '../../reach/ssh-copy.ts';
import { SSHPASS } from '../../tools/homebrew/brew.ts';
import { IMAGE_CREDENTIALS } from '../../vm/credentials.ts';
import { isPlainVmName } from '../../vm/name.ts';
import { checkShares } from '../../vm/shares.ts';
import { command } from '../shared/command.ts';
import { imageName, loginArgs, newVmName, oneOf, shareArg, size, vmName, wholeNumber } from '../shared/kinds.ts';

/** Flags for parts that a copy has from its source, or that only a new VM of an image has. */
const NOT_OF_A_COPY = ['version', 'image', 'source', 'imageRef', 'gui', 'user', 'password', 'debugNoHeadless', 'resume'] as const;

const desktops = oneOf(Object.fromEntries(DESKTOPS.map((desktop) => [desktop.name, desktop])));

export default command({
  args: {
    vm: { type: 'positional', required: false, ...newVmName, description: 'Name of the new VM; asked for on a terminal if left out' },
    version: {
      type: 'string',
      valueHint: 'ver',
      parse: checkVersion,
      completes: 'versions',
      description: `Ubuntu release, an image tag (default: ${DEFAULT_VERSION})`,
    },
    image: {
      type: 'string',
      valueHint: 'name',
      ...imageName,
      description: "Image to clone (default: the first of 'rusta image list')",
    },
    source: {
      type: 'string',
      valueHint: 'registry',
      completes: 'sources',
      description: 'Take it from this configured source, by prefix or label (default: the first that has it)',
    },
    imageRef: {
      type: 'string',
      valueHint: 'ref',
      parse: checkReference,
      description: 'Clone exactly this image, e.g. ghcr.io/cirruslabs/ubuntu:22.04',
    },
    gui: {
      type: 'string',
      valueHint: 'pkg',
      bare: DEFAULT_DESKTOP,
      ...desktops,
      description: 'Install a desktop, and boot with a window from then on',
    },
    cpus: { type: 'string', valueHint: 'n', ...wholeNumber({ min: 1, max: 1_024 }), description: `CPUs (default: ${USUAL.cpus})` },
    memory: {
      type: 'string',
      valueHint: 'mb',
      ...size('MB', { min: 128, max: 16_777_216 }),
      description: `Memory in MB, or with a unit: 8G (default: ${USUAL.memoryMb})`,
    },
    disk: {
      type: 'string',
      valueHint: 'gb',
      ...size('GB', { min: 1, max: 65_535 }),
      description: `Disk size in GB, or with a unit (default: ${USUAL.diskGb})`,
    },
    user: { ...loginArgs.user, description: `Login of the image, for later ssh (default: ${IMAGE_CREDENTIALS.user})` },
    password: { ...loginArgs.password, description: `Password of that login (default: ${IMAGE_CREDENTIALS.password})` },
    from: {
      type: 'string',
      valueHint: 'vm',
      ...vmName,
      completes: 'vms',
      description: 'Copy this VM instead of an image: in seconds, without a boot. It has to be off',
    },
    script: {
      type: 'string',
      valueHint: 'file',
      completes: 'files',
      description: 'Run this script in the VM as root, as the last step; - reads it from stdin',
    },
    share: { ...shareArg, description: 'Let it see this folder whenever it is up: <folder>[:<path in the VM>][:ro], else below /mnt' },
    up: { type: 'boolean', description: 'Leave the new VM running' },
    sshCopyKeys: { type: 'boolean', description: 'Copy your SSH keys into the VM when it is ready, as ssh-copy does' },
    debugNoHeadless: { type: 'boolean', description: 'Show a window while provisioning (to debug)' },
    resume: { type: 'boolean', description: 'Go on with a VM whose creation stopped half-way' },
  },
  conflicts: [['imageRef', 'image'], ['imageRef', 'source'], ...NOT_OF_A_COPY.map((flag) => ['from', flag] as const)],
  details:
    'Clones an image, sizes it, boots it once to provision it, and shuts it down. The default VM stays what it is. A copy of a VM has all that is on its disk: files, keys that may log in, credentials and shell histories; hostname, machine-id and SSH host keys of its own come with its first boot.',
  examples: [
    ['rusta create lab', 'Ubuntu 24.04 with 6 CPUs, 8 GB of memory and 80 GB of disk'],
    ['rusta create old --version 22.04 --cpus 2 --gui xubuntu-desktop', 'an older release on a smaller VM, with a desktop'],
    ['rusta create web --from lab --memory 4096', 'a copy of lab with less memory, in seconds'],
  ],
  requires: 'tart',
  stdout: 'report',
  setup({ args, data: app }) {
    if (args.vm === undefined) requireTerminalFor(app, usualName(app, args));
  },
  async run({ args, data: app }) {
    const script = args.script === undefined ? undefined : await readUserScript(app, args.script);
    // Checked before the long work, not after it.
    const copiesKeys = args.sshCopyKeys && keysToCopy(app).length > 0;
    if (copiesKeys) await app.brew.ensure(SSHPASS);
    const wanted = wantedImage(app, { ...args, version: args.version ?? DEFAULT_VERSION });
    const named = args.vm ?? (await askVmName(app, usualName(app, args)));
    const { vm, resume } = typeof named === 'string' ? { vm: named, resume: args.resume } : named;
    const { cpus, memory, disk, user, gui, version, image, source, imageRef, from, up } = args;
    const created = await createVm(app, {
      vm,
      from,
      findReference: async () => imageRef ?? chooseReference(app, wanted),
      sizes: { cpus, memoryMb: memory, diskGb: disk },
      login: { user, password: args.password },
      desktop: gui,
      window: args.debugNoHeadless,
      resume,
      script,
      shares: checkShares(app, args.share),
      up,
      flags: flagWords({
        from,
        script: args.script,
        version,
        image,
        source,
        'image-ref': imageRef,
        gui: gui?.name,
        cpus,
        memory,
        disk,
        user,
      }),
    });
    const result = createResult(app, vm, created);
    app.out.result(result);
    if (!created) return;
    printSummary(app, created);
    if (created.running !== undefined) await announceRunning(app, vm, failWhenEnded(app, vm, created.running));
    else if (up) await bringUp(app, vm);
    if (copiesKeys) app.out.result({ ...result, ...(await sshCopy(app, vm)) });
  },
});

/** Returns the name that is offered for a VM without one. */
function usualName(
  app: Pick<App, 'store'>,
  { from, image, version }: Readonly<Record<'from' | 'image' | 'version', string | undefined>>,
): string {
  if (from === undefined) return suggestedVmName(image ?? defaultImage(app), version ?? DEFAULT_VERSION);
  const copy = `${from}-copy`;
  return isPlainVmName(copy) ? copy : 'copy';
}
