import { SCRIPT_FILES, SCRIPTS, type Shell } from '../cli/completion/scripts.ts';
import { schemaText } from '../contract/schema.ts';
import { type Manual, manualPages } from './man.ts';
import type { ArchiveFile } from './tar.ts';

interface Sources extends Manual {
  readonly binary: Uint8Array;
  /** Of the top folder. */
  readonly license: Uint8Array;
  readonly readme: Uint8Array;
}

/** Returns all files that a user gets, as they are in the tarball, from which Formula/rusta.rb installs them. */
export async function contents({ binary, license, readme, ...manual }: Sources): Promise<ArchiveFile[]> {
  const shells = Object.keys(SCRIPTS) as Shell[];
  const pages = await manualPages(manual);
  return [
    { path: 'rusta', bytes: binary, executable: true },
    { path: 'LICENSE', bytes: license },
    { path: 'README.md', bytes: readme },
    { path: 'rusta.schema.json', bytes: utf8(`${schemaText()}\n`) },
    ...shells.map((shell) => ({ path: `completions/${SCRIPT_FILES[shell]}`, bytes: utf8(SCRIPTS[shell]) })),
    ...[...pages].map(([name, text]) => ({ path: `man/man1/${name}`, bytes: utf8(text) })),
  ];
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
