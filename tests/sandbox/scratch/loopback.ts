/** Whether every 127.x.y.z answers here, as on Linux; on a Mac only 127.0.0.1 does. */
export const hasManyAddresses = (): boolean => canBind('127.64.0.1');

export function canBind(hostname: string): boolean {
  try {
    Bun.listen({ hostname, port: 0, socket: { data() {} } }).stop(true);
    return true;
  } catch {
    return false;
  }
}
