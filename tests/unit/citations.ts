/** What the code cites, and what there is to cite. Pure. */

export type Kind = 'decision' | 'spec' | 'trap' | 'section of tart.md' | 'section of decisions.md' | 'paper';

export interface Citation {
  readonly kind: Kind;
  /** `D9`, `4.10`, `2`, `docs/tart.md` */
  readonly target: string;
  readonly line: number;
  /** As it stands in the text. */
  readonly words: string;
}

/** The targets that exist, by kind. */
export type Papers = Readonly<Record<Kind, ReadonlySet<string>>>;

const NUMBER = String.raw`\d+(?:\.\d+)?`;
const NUMBERS = String.raw`\s+(${NUMBER}(?:(?:,\s+|\s+(?:and|or|to)\s+)${NUMBER})*)\b`;

/** The first group holds the targets: one, or several numbers. */
const FORMS: readonly (readonly [Kind, RegExp])[] = [
  ['decision', /\b(D\d+)\b/g],
  ['spec', new RegExp(String.raw`\bspec(?:ification)?(?:,?\s+sections?)?${NUMBERS}`, 'gi')],
  ['trap', new RegExp(String.raw`\btraps?${NUMBERS}`, 'gi')],
  ['section of tart.md', new RegExp(String.raw`\b(?:contract|tart\.md),?\s+sections?${NUMBERS}`, 'gi')],
  ['section of decisions.md', new RegExp(String.raw`\b(?:design|decisions\.md),?\s+sections?${NUMBERS}`, 'gi')],
  ['paper', /(?<![\w./-])((?:\.\.\/)*(?:[\w-]+\/)*[\w-]+\.md)\b/g],
];

/** Every citation in a source file or a paper, also one that a line end divides. */
export function citations(text: string): Citation[] {
  const lines = joined(text);
  return FORMS.flatMap(([kind, form]) =>
    [...lines.matchAll(form)].flatMap(({ index, 0: words, 1: targets = '' }) => {
      const line = text.slice(0, index).split('\n').length;
      const each = kind === 'decision' || kind === 'paper' ? [targets] : (targets.match(new RegExp(NUMBER, 'g')) ?? []);
      return each.map((target) => ({ kind, target, line, words: words.replaceAll(/\s+/g, ' ') }));
    }),
  );
}

/** The text as one line, each line end and comment mark replaced by as many spaces: places stay where they were. */
function joined(text: string): string {
  return text.replaceAll(/\n[ \t]*(?:\/\/+|#+|\*(?!\/))?/g, (end) => ' '.repeat(end.length));
}

/** The papers by their names, such as `docs/tart.md`. Throws Error if one is not there. */
export function readPapers(texts: ReadonlyMap<string, string>): Papers {
  const text = (name: string) => {
    const found = texts.get(name);
    if (found === undefined) throw new Error(`${name} is not there`);
    return found;
  };
  const [decisions, tart] = [text('docs/decisions.md'), text('docs/tart.md')];
  const names = [...texts.keys()];
  return {
    decision: all(decisions, /^(?:#+ |\*\*)(D\d+)\b/gm),
    spec: all(text('docs/README.md'), /^\| (\d+(?:\.\d+)?) \|/gm),
    trap: all(/^## \d+\. Traps.*?(?=^## )/ms.exec(tart)?.[0] ?? '', /^(\d+)\. /gm),
    'section of tart.md': all(tart, /^## (\d+)\. /gm),
    'section of decisions.md': all(decisions, /^## (\d+)\. /gm),
    // From the root and from docs/; the last one is the predecessor's, which docs/README.md introduces.
    paper: new Set([...names, ...names.map((name) => name.replace(/^docs\//, '')), '../README.md', 'SPEC.md']),
  };
}

function all(text: string, pattern: RegExp): ReadonlySet<string> {
  return new Set([...text.matchAll(pattern)].map(([, target = '']) => target));
}

/** Citations that lead nowhere, each with its line. */
export function broken(text: string, papers: Papers): string[] {
  return citations(text)
    .filter(({ kind, target }) => !papers[kind].has(target))
    .map(({ line, words, target }) => `line ${line}: ${words}${words.endsWith(target) ? '' : ` (${target})`}`);
}
