import { statSync } from 'node:fs';

/** What Go's os/exec says, wrapped as the gRPC status that `tart exec` prints: `asked` is shown, `resolved` was tried. */
export function startFailure(error: unknown, asked: string, resolved: string): string {
  const code = (error as { code?: string }).code;
  if (!asked.includes('/')) return `unknown (2): exec: "${asked}": executable file not found in $PATH`;
  const found = statSync(resolved, { throwIfNoEntry: false });
  const runnable = found?.isFile() && (found.mode & 0o111) !== 0;
  const why = runnable && code === 'ENOEXEC' ? 'exec format error' : found ? 'permission denied' : 'no such file or directory';
  return `unknown (2): fork/exec ${asked}: ${why}`;
}
