export interface RemoteName {
  readonly host: string;
  readonly namespace: string;
  /** `:tag` or `@sha256:…` */
  readonly reference: string;
  readonly full: string;
}

const component = '[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*';
const host = '[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*(?::[0-9]+)?';
const grammar = new RegExp(`^(${host})/(${component}(?:/${component})*)(:[A-Za-z0-9_][A-Za-z0-9._-]*|@sha256:[0-9a-f]+)?$`);

/** undefined: not a remote name, so Tart takes it for a local one. */
export function parseRemote(name: string): RemoteName | undefined {
  const match = grammar.exec(name);
  const [, hostPart, namespace, reference = ':latest'] = match ?? [];
  if (hostPart === undefined || namespace === undefined) return undefined;
  return { host: hostPart, namespace, reference, full: `${hostPart}/${namespace}${reference}` };
}
