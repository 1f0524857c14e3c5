import { quote } from '../text/shell.ts';
import type { Facts } from './facts.ts';

/** The groups in the order of the report. */
const GROUPS = ['host', 'Tart', 'network', 'VMs'] as const;
type Group = (typeof GROUPS)[number];

/** Values for the `<…>` in a check's sentences, for one broken thing. `vm`, and `other` beside it, are names of VMs. */
export type Found = Readonly<Record<string, string>>;

/** One way in which a Mac, or a VM on it, may be broken. `<…>` in its sentences stand for values that were found. */
export interface Check {
  readonly id: string;
  readonly group: Group;
  /** The fault, as a sentence without its full stop. */
  readonly title: string;
  /** The reason why that matters, or its cause. */
  readonly reason: string;
  /** The one command to type. */
  readonly command: string;
  /** Looks only at the facts; returns one entry for each broken thing, none if all is well. */
  readonly find: (facts: Facts) => readonly Found[];
}

/** A broken thing in words. */
export interface Finding {
  readonly id: string;
  readonly group: Group;
  /** The VM that it is about, if it is about one. */
  readonly vm: string | undefined;
  readonly title: string;
  readonly reason: string;
  readonly command: string;
}

/** Applies checks to facts; with a VM's name, returns only findings about this VM, or about all VMs. */
export function applyChecks(checks: readonly Check[], facts: Facts, vm: string | undefined): Finding[] {
  const concerns = (found: Found) => vm === undefined || found['vm'] === undefined || found['vm'] === vm || found['other'] === vm;
  return GROUPS.flatMap((group) => checks.filter((check) => check.group === group)).flatMap((check) =>
    check
      .find(facts)
      .filter(concerns)
      .map((found) => toFinding(check, found)),
  );
}

function toFinding({ id, group, title, reason, command }: Check, found: Found): Finding {
  const plain = (text: string) => fill(text, found, (value) => value);
  return { id, group, vm: found['vm'], title: plain(title), reason: plain(reason), command: fill(command, found, quote) };
}

function fill(template: string, found: Found, as: (value: string) => string): string {
  return template.replace(/<(\w+)>/g, (placeholder, key: string) => {
    const value = found[key];
    // A call is quoted for a shell already.
    return value === undefined ? placeholder : key === 'call' ? value : as(value);
  });
}
