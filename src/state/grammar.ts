/**
 * What may reach programs, typed or read from state.toml alike: so written, nothing can be an option of theirs, a line of
 * a script or of `~/.ssh/config`, or code for a shell.
 */

/** One component of a repository's name in the OCI distribution specification. */
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
/** `host[:port]/namespace/name[:tag][@digest]`, as Tart reads it (docs/tart.md, section 2). */
const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?(\/[A-Za-z0-9][A-Za-z0-9._-]*)+(:[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha256:[a-f0-9]{64})?$/;
/** Debian's and Ubuntu's rule for login names. */
const USER_NAME = /^[a-z_][a-z0-9_-]{0,31}$/i;
/** What file systems allow; Tart makes a folder of the name of a VM. */
export const MAX_NAME_BYTES = 255;

export function isComponent(text: string): boolean {
  return COMPONENT.test(text);
}

export function isReference(text: string): boolean {
  return REFERENCE.test(text);
}

/** `host[:port]/namespace`: what an image name is appended to. */
export function isSource(text: string): boolean {
  return isReference(`${text}/name`);
}

export function isUserName(text: string): boolean {
  return USER_NAME.test(text);
}

/** What can be typed at a prompt, and stand in the environment of a program. */
export function isPassword(text: string): boolean {
  return !['\0', '\r', '\n'].some((end) => text.includes(end));
}

/** Whether a VM of that name can be named to a command: it is a file name and not taken for a flag (D27). */
export function isVmName(name: string): boolean {
  return isFileName(name) && !name.startsWith('-');
}

export function isFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name) && Buffer.byteLength(name) <= MAX_NAME_BYTES;
}
