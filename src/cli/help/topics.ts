/** A page of `rusta help <topic>`, beyond those of the commands. */
export interface Topic {
  /** The page in one line without a full stop. */
  readonly summary: string;
  /** Loads the page, without a line end behind it. */
  readonly load: () => Promise<string>;
}

const TOPICS: Readonly<Record<string, Topic>> = {
  agents: {
    summary: 'How a coding agent or a script drives rusta, with examples',
    load: async () => (await import('../topics/agents.txt', { with: { type: 'text' } })).default.trimEnd(),
  },
  json: { summary: 'The JSON Schema of what --json prints', load: async () => (await import('../topics/json.ts')).JSON_SCHEMA },
  'exit-codes': {
    summary: 'Exit codes, and the codes of errors under --json',
    load: async () => (await import('../topics/reference-pages.ts')).exitCodesPage(),
  },
  environment: {
    summary: 'The variables that rusta reads',
    load: async () => (await import('../topics/reference-pages.ts')).environmentPage(),
  },
};

/** Finds a topic. `constructor` is not one. */
export function findTopic(name: string | undefined): Topic | undefined {
  return name !== undefined && Object.hasOwn(TOPICS, name) ? TOPICS[name] : undefined;
}

/** Lists the topics with their summaries. */
export function topicRows(): (readonly [string, string])[] {
  return Object.entries(TOPICS).map(([name, { summary }]) => [name, summary]);
}
