/** Breaks each line between words, so that none is wider; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current: string | undefined;
  for (const word of line.split(' ')) {
    if (current !== undefined && current.length + 1 + word.length > width) {
      lines.push(current);
      current = undefined;
    }
    current = current === undefined ? word : `${current} ${word}`;
  }
  return [...lines, current ?? ''];
}
