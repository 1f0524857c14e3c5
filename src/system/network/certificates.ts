/**
 * Returns the certificate authorities that come with Bun and those that this machine trusts beside them, as PEM. On a Mac those are the Keychain's:
 * where a company looks into TLS, its own stands there, and Tart believes it. Costs up to half a second, so only for a second try.
 */
export async function systemAuthorities(): Promise<string[]> {
  const { getCACertificates } = await import('node:tls');
  return [...getCACertificates('default'), ...getCACertificates('system')];
}
