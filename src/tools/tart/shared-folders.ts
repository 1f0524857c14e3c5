/** A folder of the Mac that a guest can mount. */
export interface SharedFolder {
  readonly host: string;
  readonly readOnly: boolean;
}

/** The name of a shared folder below its tag. Without one, Tart would take a colon in its path for its end (docs/tart.md, trap 27). */
export const SHARE_NAME = 'share';

/** Returns the tag of the folder at this place of the list. Each has its own, so that each can be mounted alone. */
export function shareTag(index: number): string {
  return `rusta-${index}`;
}

/** Returns the words of `tart run` that offer the folder at this place of the list to the guest. */
export function dirFlag({ host, readOnly }: SharedFolder, index: number): string[] {
  return ['--dir', `${SHARE_NAME}:${host}:${readOnly ? 'ro,' : ''}tag=${shareTag(index)}`];
}
