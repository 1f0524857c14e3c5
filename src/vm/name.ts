import { RustaError, UsageError } from '../errors.ts';

/** Spec 4.3; also what Tart handles without harm (docs/tart.md, trap 17). */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;
/** Tart's control socket and our own files carry the name; APFS allows 255 bytes. */
const MAX_LENGTH = 64;

export function isVmName(name: string): boolean {
  return NAME.test(name) && name.length <= MAX_LENGTH;
}

/** Throws UsageError for a name that cannot be a VM's; nothing is started for it. */
export function checkVmName(name: string, command?: string): string {
  if (isVmName(name)) return name;
  const rule = `use letters, digits, '.', '_' and '-', beginning with a letter or digit, at most ${MAX_LENGTH}`;
  throw new UsageError(`invalid VM name '${name}': ${rule}`, command);
}

export function vmNotFound(name: string, suggestion?: string): RustaError {
  const hint =
    suggestion === undefined ? "Run 'rusta list' to see the VMs." : `Did you mean '${suggestion}'? Run 'rusta list' to see the VMs.`;
  return new RustaError('vm_not_found', `VM '${name}' not found`, { hint });
}
