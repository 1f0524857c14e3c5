/** Returns the path with the home folder in place of a leading `~`: no shell puts it into `--flag=~/x`. */
export function expandTilde(path: string, home: string | undefined): string {
  return home === undefined ? path : path.replace(/^~(?=\/|$)/, () => home);
}
