/** JSON as Foundation prints it: `"Key" : value`, `\/`, two spaces, and keys in another order every time. */
export function foundationJson(value: unknown, indent = ''): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => `${inner}${foundationJson(item, inner)}`);
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = shuffled(Object.entries(value).filter(([, item]) => item !== undefined));
    const lines = entries.map(([key, item]) => `${inner}${quoted(key)} : ${foundationJson(item, inner)}`);
    return `{\n${lines.join(',\n')}\n${indent}}`;
  }
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value);
}

const quoted = (text: string) => JSON.stringify(text).replaceAll('/', '\\/');

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
