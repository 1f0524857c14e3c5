/** News about the download in a line of `tart clone` (docs/tart.md, section 3, pull; with CI set, one line each). */
export type PullNews =
  | { readonly kind: 'size'; readonly text: string }
  | { readonly kind: 'percent'; readonly percent: number }
  | { readonly kind: 'other'; readonly text: string };

export function readPullLine(line: string): PullNews {
  const percent = /^\s*(\d{1,3})%\s*$/.exec(line)?.[1];
  if (percent !== undefined) return { kind: 'percent', percent: Number(percent) };
  const size = /^pulling disk \((.+?)(?: compressed)?\)\.\.\.$/.exec(line)?.[1];
  return size === undefined ? { kind: 'other', text: line } : { kind: 'size', text: size };
}

/** Makes a function that turns the lines of one download into the detail to show, e.g. `42% of 0.6 GB`. */
export function pullDetail(): (line: string) => string {
  let size: string | undefined;
  return (line) => {
    const news = readPullLine(line);
    if (news.kind === 'other') return news.text;
    if (news.kind === 'size') {
      size = news.text;
      return `0% of ${size}`;
    }
    return size === undefined ? `${news.percent}%` : `${news.percent}% of ${size}`;
  };
}
