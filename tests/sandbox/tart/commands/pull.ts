import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Context } from '../../standin/context.ts';
import { out } from '../../standin/io.ts';
import { pause } from '../../standin/pause.ts';
import type { Subcommand } from '../command-line/command.ts';
import { parseRemote, type RemoteName } from '../command-line/names.ts';
import { specs } from '../command-line/specs.ts';
import { missing, otherError, usageError } from '../errors.ts';
import { percentLines } from '../progress.ts';
import { hostFolder, imageFolder } from '../store/cache.ts';
import type { TartHome } from '../store/home.ts';
import { holdFlock } from '../store/locks.ts';
import { temporaryFolder, ubuntuConfig, writeMachine } from '../store/storage.ts';
import { isComplete } from '../store/vm.ts';

const IMAGE_DISK_GIGABYTES = 20;

export const pull: Subcommand = async ({ context, home, args }) => {
  const name = args.positionals[0] ?? '';
  if (args.number('--concurrency') === 0) throw usageError('network concurrency cannot be less than 1', specs.pull);
  if (existsSync(join(home.vms, name))) {
    out(`"${name}" is a local image, nothing to pull here!`);
    return 0;
  }
  const remote = parseRemote(name);
  if (!remote) throw missing(name);
  out(`pulling ${remote.full}...`);
  await pullImage(context, home, remote);
  return 0;
};

const hash = (algorithm: 'sha256' | 'md5', text: string) => new Bun.CryptoHasher(algorithm).update(text).digest('hex');

/** Downloads an image into the cache, or only asks for its manifest if it is there; the folder of its files. */
export async function pullImage(context: Context, home: TartHome, remote: RemoteName): Promise<string> {
  out('pulling manifest...');
  const digest = manifestDigest(context, remote);
  const repository = dirname(imageFolder(home, remote));
  const place = join(repository, digest);
  const link = imageFolder(home, remote);
  const isLinked = existsSync(link) && realpathSync(link) === place;
  const shown = `${remote.host}/${remote.namespace}@${digest}`;
  if (isComplete(place) && isLinked) {
    out(`${shown} image is already cached and linked!`);
    return place;
  }
  mkdirSync(repository, { recursive: true });
  const hostLock = holdFlock(hostFolder(home, remote), () => out('waiting for lock...'));
  if (isComplete(place)) out(`${shown} image is already cached! creating a symlink...`);
  else await download(context, home, remote, place);
  if (link !== place) {
    rmSync(link, { force: true });
    symlinkSync(place, link);
  }
  hostLock.release();
  return place;
}

function manifestDigest(context: Context, remote: RemoteName): string {
  const tags = context.knobs().registry[`${remote.host}/${remote.namespace}`];
  if (!tags) {
    const details = '{\\"errors\\":[{\\"code\\":\\"DENIED\\",\\"message\\":\\"requested access to the resource is denied\\"}]}\\n';
    const why = 'received unexpected HTTP status code 403 while retrieving an authentication token';
    throw otherError(`AuthFailed(why: "${why}", details: "${details}")`);
  }
  if (remote.reference.startsWith('@')) return remote.reference.slice(1);
  const tag = remote.reference.slice(1);
  if (!tags.includes(tag)) {
    const details = '{\\"errors\\":[{\\"code\\":\\"MANIFEST_UNKNOWN\\",\\"message\\":\\"manifest unknown\\"}]}\\n';
    throw otherError(`UnexpectedHTTPStatusCode(when: "pulling manifest", code: 404, details: "${details}")`);
  }
  const release = tag === 'latest' && tags.includes('24.04') ? '24.04' : tag;
  return `sha256:${hash('sha256', `${remote.host}/${remote.namespace}:${release}`)}`;
}

async function download(context: Context, home: TartHome, remote: RemoteName, place: string): Promise<void> {
  const temporary = temporaryFolder(home, hash('md5', remote.full));
  let interrupted = false;
  process.on('SIGINT', () => {
    interrupted = true;
  });
  out('pulling disk (0.6 GB compressed)...');
  const show = percentLines();
  const steps = 4;
  for (let step = 0; step <= steps; step++) {
    show((step * 100) / steps);
    await pause(
      context,
      ({ pull }) => pull / (steps + 1),
      () => interrupted,
    );
    if (interrupted) {
      rmSync(temporary.path, { recursive: true });
      throw otherError('CancellationError()');
    }
  }
  out('pulling NVRAM...');
  // The MAC address is part of the image: every first clone has the same.
  const bytes = hash('sha256', place).slice(0, 10).match(/../g) ?? [];
  writeMachine(temporary.path, ubuntuConfig(['72', ...bytes].join(':')), IMAGE_DISK_GIGABYTES);
  writeFileSync(join(temporary.path, 'manifest.json'), '{}');
  renameSync(temporary.path, place);
  temporary.release();
}
