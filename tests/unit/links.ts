/** What a Markdown page links to, and which places it offers to link to, as GitHub shows it. Pure. */
import { posix } from 'node:path';

/** Links to files of the repository that lead nowhere, as written. `read` gives a page's text; `exists` knows files and folders. */
export function brokenLinks(
  page: string,
  text: string,
  tree: { readonly exists: (path: string) => boolean; readonly read: (path: string) => string },
): string[] {
  return linksOf(text).filter((link) => {
    if (/^[a-z][a-z+.-]*:/i.test(link)) return false;
    const [path = '', anchor] = link.split('#', 2);
    const file = path === '' ? page : posix.join(posix.dirname(page), path);
    // A link must work in every clone, and stay in it.
    if (link === '' || path.startsWith('/') || file.startsWith('..') || !tree.exists(file)) return true;
    return anchor !== undefined && !anchorsOf(tree.read(file)).has(anchor);
  });
}

/** The targets of links and pictures. */
function linksOf(text: string): string[] {
  const visible = withoutCode(text);
  const inline = [...visible.matchAll(/\]\(\s*<?([^)\s>]*)>?(?:\s+"[^"]*")?\s*\)/g)];
  const references = [...visible.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)];
  const html = [...visible.matchAll(/\b(?:href|src)="([^"]*)"/g)];
  return [...inline, ...references, ...html].map(([, target = '']) => target);
}

/** The anchors of all headings; one that comes again gets a number. */
function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = [...text.replaceAll(/^```.*?^```/gms, '').matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
  return new Set(anchors);
}

/** Files and folders of the repository that a page names in code letters; patterns and places to be filled in are none. */
export function pathsOf(text: string): string[] {
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return spans.filter((code) => /^(?:src|tests|docs|Formula|\.ci|\.github)\/[\w./-]*$/.test(code));
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '');
}
