import { RustaError, UsageError } from '../errors.ts';
import { isFileName, isVmName, MAX_NAME_BYTES } from '../state/grammar.ts';

/** The rule for new VMs (spec 4.3). Tart handles such names without harm (docs/tart.md, trap 17). */
const PLAIN = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;

/** Tells whether a name follows the rule for new VMs. Such a name means the same to every shell and program. */
export function isPlainVmName(name: string): boolean {
  return PLAIN.test(name) && isFileName(name);
}

/** Returns the name unchanged. Throws UsageError for a name that no VM can have, or that cannot be typed as one. Starts nothing. */
export function checkVmName(name: string, command?: string): string {
  if (isVmName(name)) return name;
  throw new UsageError(
    `invalid VM name '${name}': a name has no '/', does not begin with '-' and has at most ${MAX_NAME_BYTES} bytes`,
    command,
  );
}

/** Returns the name unchanged. Throws UsageError for a name that a new VM must not have. Starts nothing. */
export function checkNewVmName(name: string, command?: string): string {
  if (isPlainVmName(name)) return name;
  throw new UsageError(`invalid VM name '${name}': ${NEW_NAME_RULE}`, command);
}

export const NEW_NAME_RULE = `use letters, digits, '.', '_' and '-', beginning with a letter or digit, at most ${MAX_NAME_BYTES} characters`;

/** Throws RustaError for a VM that cannot have `what`, because its name would need quotes, which `~/.ssh/config` and docker lack for names. */
export function requireAliasName(vm: string, what: string): void {
  if (isPlainVmName(vm)) return;
  throw new RustaError('usage', `VM '${vm}' cannot have ${what}: ${NEW_NAME_RULE}`, {
    hint: `Give it such a name first, with 'tart rename'.`,
  });
}
