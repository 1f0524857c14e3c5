/** Cells that a text without control characters takes on a terminal. */
export function textWidth(text: string): number {
  return Bun.stringWidth(text);
}
