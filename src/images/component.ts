/** One component of a repository's name in the OCI distribution specification. */
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

export function isComponent(text: string): boolean {
  return COMPONENT.test(text);
}
