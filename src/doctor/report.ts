import type { App } from '../app.ts';
import { closest } from '../text/closest.ts';
import { vmNotFound } from '../vm/missing.ts';
import { parseShare } from '../vm/shares.ts';
import { applyChecks, type Finding } from './check.ts';
import { CHECKS } from './checks.ts';
import { collectFacts, type Facts } from './facts.ts';

export interface Report {
  /** Number of checks that were made. */
  readonly checks: number;
  readonly findings: readonly Finding[];
  /** Facts that could not be collected, and why. */
  readonly blind: readonly string[];
  /** Folders of this Mac that VMs see. */
  readonly shares: readonly { readonly vm: string; readonly share: string }[];
}

/**
 * Finds out what is broken on this Mac, and with the named VM or all VMs. Changes nothing. Throws RustaError (exit 2) for a VM that
 * neither Tart nor rusta knows.
 */
export async function diagnose(app: App, vm: string | undefined): Promise<Report> {
  const facts = await collectFacts(app);
  if (vm !== undefined) requireKnown(facts, vm);
  const shares = facts.vms
    .filter(({ name }) => vm === undefined || name === vm)
    .flatMap((seer) => seer.shares.map((share) => ({ vm: seer.name, share })));
  return { checks: CHECKS.length, findings: applyChecks(CHECKS, facts, vm), blind: facts.blind, shares };
}

/** Throws RustaError for an unknown VM, unless Tart did not list its VMs: then the report says so. */
function requireKnown({ tart, vms }: Facts, vm: string): void {
  if (tart.isInstalled && tart.vms === undefined) return;
  if (vms.some(({ name }) => name === vm)) return;
  const names = vms.flatMap(({ name, status }) => (status === undefined ? [] : [name]));
  const near = closest(vm, names);
  throw near === undefined ? vmNotFound(vm) : vmNotFound(vm, `Did you mean '${near}'? Run 'rusta list' to see the VMs.`);
}

/** Prints the findings group by group, or one line if there are none; then the folders of this Mac that VMs see. */
export function printReport({ out }: Pick<App, 'out'>, { checks, findings, blind, shares }: Report): void {
  for (const reason of blind) out.warn(`not everything could be looked at: ${reason}`);
  out.result({
    checks,
    findings: findings.map((finding) => ({ ...finding, vm: finding.vm ?? null })),
    blind: [...blind],
    shares: [...shares],
  });
  if (findings.length === 0) out.ok(`${checks} checks found nothing wrong`);
  else printFindings(out, findings, checks);
  for (const { vm, share } of shares) {
    const { host, guest, readOnly } = parseShare(share);
    out.data(`VM '${vm}' sees ${host} of this Mac as ${guest}${readOnly ? ', read-only' : ''}`);
  }
}

function printFindings(out: App['out'], findings: readonly Finding[], checks: number): void {
  let group: string | undefined;
  for (const finding of findings) {
    if (finding.group !== group) out.step(finding.group);
    group = finding.group;
    out.data(`  ${finding.title}\n    ${finding.reason}\n    $ ${finding.command}`);
  }
  const count = findings.length === 1 ? '1 thing is wrong' : `${findings.length} things are wrong`;
  out.data(`\n${count} (${checks} checks)`);
}
