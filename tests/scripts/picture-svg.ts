/** Colours by their SGR number: what reads well on the dark ground. */
const COLORS: Readonly<Record<number, string>> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  90: '#8b949e',
};
const GROUND = '#0d1117';
const TEXT = '#e6edf3';
/** What sets the picture off from a page that is as dark. */
const EDGE = '#30363d';
/** Pixels. */
const CHARACTER = 8.4;
const LINE = 19;
const MARGIN = 16;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A terminal's lines, with their SGR sequences and no others, as an SVG. Pure. */
export function toSvg(lines: readonly string[], columns: number): string {
  const width = Math.ceil(columns * CHARACTER + 2 * MARGIN);
  const height = lines.length * LINE + 2 * MARGIN;
  const style = new Map<'color' | 'bold' | 'dim', string>();
  const rows = lines.map((line, index) => {
    const spans = line.split('\u001b[').map((part, place) => {
      const [, codes = '', text = ''] = place === 0 ? ['', '', part] : (/^([\d;]*)m(.*)$/.exec(part) ?? []);
      if (place > 0) for (const code of codes.split(';')) apply(style, Number(code));
      return span(text, [...style.values()].join(' '));
    });
    return `<text x="${MARGIN}" y="${MARGIN + (index + 0.75) * LINE}" xml:space="preserve">${spans.join('')}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${TEXT}">
<title>rusta in a terminal</title>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${GROUND}" stroke="${EDGE}"/>
${rows.join('\n')}
</svg>
`;
}

function span(text: string, style: string): string {
  if (text === '') return '';
  return style === '' ? escaped(text) : `<tspan ${style}>${escaped(text)}</tspan>`;
}

function apply(style: Map<'color' | 'bold' | 'dim', string>, code: number): void {
  const color = COLORS[code];
  if (code === 0) style.clear();
  else if (code === 39) style.delete('color');
  else if (code === 1) style.set('bold', 'font-weight="bold"');
  else if (code === 2) style.set('dim', 'opacity="0.6"');
  else if (code === 22) for (const weight of ['bold', 'dim'] as const) style.delete(weight);
  else if (color !== undefined) style.set('color', `fill="${color}"`);
}
