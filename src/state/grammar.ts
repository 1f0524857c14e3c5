/**
 * Syntax that values must have before they are passed to programs, whether typed or read from state.toml. Such a value cannot be taken
 * for an option, a line of a script or of `~/.ssh/config`, or shell code.
 */

/** One component of a repository's name in the OCI distribution specification. */
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
/** `host[:port]/namespace/name[:tag][@digest]`, as Tart reads it (docs/tart.md, section 2). */
const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?(\/[A-Za-z0-9][A-Za-z0-9._-]*)+(:[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha256:[a-f0-9]{64})?$/;
/** Debian's and Ubuntu's rule for login names. */
const USER_NAME = /^[a-z_][a-z0-9_-]{0,31}$/i;
/** Longest file name that file systems allow: Tart names the folder of a VM after it. */
export const MAX_NAME_BYTES = 255;

export function isComponent(text: string): boolean {
  return COMPONENT.test(text);
}

export function isReference(text: string): boolean {
  return REFERENCE.test(text);
}

/** Tells whether the text is `host[:port]/namespace`, to which the name of an image can be appended. */
export function isSource(text: string): boolean {
  return isReference(`${text}/name`);
}

export function isUserName(text: string): boolean {
  return USER_NAME.test(text);
}

/** Tells whether the text can be typed at a prompt and put into the environment of a program. */
export function isPassword(text: string): boolean {
  return !['\0', '\r', '\n'].some((end) => text.includes(end));
}

/** Tells whether a VM of that name can be named to a command: it is a file name and not taken for a flag (D27). */
export function isVmName(name: string): boolean {
  return isFileName(name) && !name.startsWith('-');
}

export function isFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name) && Buffer.byteLength(name) <= MAX_NAME_BYTES;
}
