import type { App } from '../app.ts';
import { closest } from '../text/closest.ts';
import { vmNotFound } from '../vm/missing.ts';
import { applyChecks, type Finding } from './check.ts';
import { CHECKS } from './checks.ts';
import { collectFacts, type Facts } from './facts.ts';

export interface Report {
  /** Number of checks that were made. */
  readonly checks: number;
  readonly findings: readonly Finding[];
  /** Facts that could not be collected, and why. */
  readonly blind: readonly string[];
}

/**
 * Finds out what is broken on this Mac, and with the named VM or all VMs. Changes nothing. Throws RustaError (exit 2) for a VM that
 * neither Tart nor rusta knows.
 */
export async function diagnose(app: App, vm: string | undefined): Promise<Report> {
  const facts = await collectFacts(app);
  if (vm !== undefined) requireKnown(facts, vm);
  return { checks: CHECKS.length, findings: applyChecks(CHECKS, facts, vm), blind: facts.blind };
}

/** Throws RustaError for an unknown VM, unless Tart did not list its VMs: then the report says so. */
function requireKnown({ tart, vms }: Facts, vm: string): void {
  if (tart.isInstalled && tart.vms === undefined) return;
  if (vms.some(({ name }) => name === vm)) return;
  const names = vms.flatMap(({ name, status }) => (status === undefined ? [] : [name]));
  const near = closest(vm, names);
  throw near === undefined ? vmNotFound(vm) : vmNotFound(vm, `Did you mean '${near}'? Run 'rusta list' to see the VMs.`);
}

/** Prints the findings group by group, or one line if there are none. */
export function printReport({ out }: Pick<App, 'out'>, { checks, findings, blind }: Report): void {
  for (const reason of blind) out.warn(`not everything could be looked at: ${reason}`);
  out.result({ checks, findings: findings.map((finding) => ({ ...finding, vm: finding.vm ?? null })), blind: [...blind] });
  if (findings.length === 0) {
    out.ok(`${checks} checks found nothing wrong`);
    return;
  }
  let group: string | undefined;
  for (const finding of findings) {
    if (finding.group !== group) out.step(finding.group);
    group = finding.group;
    out.data(`  ${finding.title}\n    ${finding.reason}\n    $ ${finding.command}`);
  }
  const count = findings.length === 1 ? '1 thing is wrong' : `${findings.length} things are wrong`;
  out.data(`\n${count} (${checks} checks)`);
}
