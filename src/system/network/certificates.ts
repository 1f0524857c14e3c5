/**
 * Returns as PEM the certificate authorities that come with Bun, and those that this machine trusts. On a Mac the latter are in the
 * Keychain. A company that looks into TLS has its own there, and Tart trusts it. Costs up to half a second, so only for a second try.
 */
export async function systemAuthorities(): Promise<string[]> {
  const { getCACertificates } = await import('node:tls');
  return [...getCACertificates('default'), ...getCACertificates('system')];
}
