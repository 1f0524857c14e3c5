/** The registry that lives in the test's own process: quick, everywhere, no packages. */
import { json, nameUnknown, unauthorized } from './answers.ts';
import { startFront } from './front.ts';
import type { Answer, Backend, Catalogue, Registry, RegistryOptions } from './types.ts';

/** The refusal of a token that is not for this repository, or of none. */
function challenge(tokens: ReadonlyMap<string, string>, repository: string, authorization: string | undefined): Answer | undefined {
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return unauthorized(repository);
  const holder = tokens.get(token);
  if (holder === repository) return undefined;
  return unauthorized(repository, holder === undefined ? 'invalid_token' : 'insufficient_scope');
}

function inMemory(catalogue: Catalogue): Backend {
  const tokens = new Map<string, string>();
  const has = (repository: string): boolean => Object.hasOwn(catalogue, repository);
  return {
    has,
    tokenFor: (token) => tokens.get(token),
    issue(repository) {
      const token = crypto.randomUUID();
      tokens.set(token, repository);
      return token;
    },
    async tags(repository, authorization) {
      const refusal = challenge(tokens, repository, authorization);
      if (refusal !== undefined) return refusal;
      const tags = catalogue[repository];
      if (!has(repository) || tags === undefined) return nameUnknown();
      // As docker-registry 2.8.2 has it: the list of a repository whose tags are all gone is null, not [].
      return json(200, { name: repository, tags: tags.length === 0 ? null : tags });
    },
    async [Symbol.asyncDispose]() {
      tokens.clear();
    },
  };
}

export function startDouble(catalogue: Catalogue, options: RegistryOptions = {}): Promise<Registry> {
  return startFront(inMemory(catalogue), options);
}
