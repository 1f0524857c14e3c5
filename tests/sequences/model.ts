/** What is known of a VM, by the token on its disk; several values where D28 leaves open which record is its own. */
export interface Known {
  readonly logins: Set<string>;
  /** undefined: not seen since it may have changed; the next list settles it. */
  unfinished: boolean | undefined;
  place: string;
  /** Where it was before: its record may still stand there. */
  readonly former: Set<string>;
  /** It was renamed since rusta last wrote its record, or may have been. */
  renamed: boolean;
  /** Its folder is a copy that was put back, and may have another number than rusta has on record: a rename leaves it without a record. */
  copied: boolean;
  /** Milliseconds since 1970. */
  readonly made: number;
}

interface Whereabouts {
  /** The VM at a place. */
  readonly present: string | undefined;
  /** The VMs that are at none: no record can follow them. */
  readonly away: ReadonlySet<string>;
}

/** What was made so shortly before a creation was begun cannot be told from what that creation made: clocks tick (state/mark.ts). */
const SAME_MOMENT_MS = 200;

/** Knows what must be true of the records, told by what was done and not by how rusta keeps them. */
export class Model {
  readonly #known = new Map<string, Known>();
  /** Logins of creations that were killed and may have left a record without a VM, by place. */
  readonly #pending = new Map<string, Set<string>>();

  of(token: string): Known {
    const known = this.#known.get(token);
    if (known === undefined) throw new Error(`${token} was never made`);
    return known;
  }

  /** A VM that rusta made at a place; `killed` may have stopped it at any moment. */
  created(token: string, place: string, login: string | undefined, isWhole: boolean): void {
    // A creation that was begun for a VM that is gone by now is gone on with as it was asked for then.
    const begun = [...this.#known.values()].filter((other) => other.place === place).flatMap((other) => [...other.logins]);
    const logins = new Set(login === undefined ? ['admin', ...(this.#pending.get(place) ?? []), ...begun] : [login]);
    this.#pending.delete(place);
    this.#known.set(token, {
      logins,
      unfinished: isWhole ? false : undefined,
      place,
      former: new Set(),
      renamed: false,
      copied: false,
      made: Date.now(),
    });
  }

  /** A creation that left no VM, or none yet. */
  leftPending(place: string, login: string | undefined): void {
    if (login === undefined) return;
    this.#pending.set(place, new Set([...(this.#pending.get(place) ?? []), login]));
    for (const known of this.#known.values()) {
      if (known.place !== place || Date.now() - known.made > SAME_MOMENT_MS) continue;
      known.logins.add(login);
      known.unfinished = undefined;
    }
  }

  /** A VM that the user made with Tart. It may get a record that is about a VM to be made here. */
  cloned(token: string, place: string): void {
    const pending = this.#pending.get(place);
    const logins = new Set(['admin', ...(pending ?? [])]);
    this.#known.set(token, {
      logins,
      unfinished: pending === undefined ? false : undefined,
      place,
      former: new Set(),
      renamed: false,
      copied: false,
      made: Date.now(),
    });
  }

  /** `like`: what was at that place before and has the same MAC address, as every first clone of an image; only the address tells a copy put back. */
  renamed(token: string, place: string, like?: string): void {
    const known = this.of(token);
    // Renamed before rusta could write down which VM it had made: nothing leads from its record to it.
    if (known.copied || this.#pending.has(known.place)) this.loosen(token);
    known.former.add(known.place);
    known.place = place;
    known.renamed = true;
    if (like !== undefined) {
      for (const login of this.of(like).logins) known.logins.add(login);
      known.unfinished = undefined;
    }
    const pending = this.#pending.get(place);
    if (pending === undefined) return;
    for (const login of pending) known.logins.add(login);
    known.unfinished = undefined;
  }

  /** The record of a place is given up: a VM that is away, and had its place there, may come back without. */
  forgotten(place: string, { present, away }: Whereabouts, isDone = true): void {
    if (isDone) this.#pending.delete(place);
    for (const [token, known] of this.#known) {
      if (token !== present && (known.place === place || (known.former.has(place) && away.has(token)))) this.loosen(token);
    }
  }

  loosen(token: string): void {
    const known = this.of(token);
    known.logins.add('admin');
    known.unfinished = undefined;
  }
}
