import { UsageError } from '../errors.ts';
import { isReference } from '../state/grammar.ts';

/** The release that `create` clones unless told otherwise. (spec 4.3) */
export const DEFAULT_VERSION = '24.04';

/** The OCI distribution specification's grammar for tags. */
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

export function imageReference(source: string, image: string, version: string): string {
  return `${source}/${image}:${version}`;
}

/** Returns the usual name of a VM: `ubuntu` and `24.04` make `ubuntu-2404`. */
export function suggestedVmName(image: string, version: string): string {
  return `${image}-${version.replaceAll('.', '')}`;
}

/** Returns the version unchanged. Throws UsageError if it cannot be a tag. */
export function checkVersion(version: string): string {
  if (TAG.test(version)) return version;
  throw new UsageError(`'${version}' is not a version: use an image tag such as 24.04`, 'create');
}

/** Returns the reference unchanged. Throws UsageError if it is not that of a remote image: Tart would look for a local VM. */
export function checkReference(reference: string): string {
  if (isReference(reference)) return reference;
  throw new UsageError(`'${reference}' is not an image reference: use host/namespace/name:tag`, 'create');
}
