import { expect } from 'bun:test';
import { applyChecks, type Finding } from '../../../src/doctor/check.ts';
import { CHECKS } from '../../../src/doctor/checks.ts';
import type { Facts } from '../../../src/doctor/facts.ts';

/** Returns the ids of what all checks find in these facts. */
export const ids = (facts: Facts, name?: string) => applyChecks(CHECKS, facts, name).map(({ id }) => id);

/** Returns their one finding; fails the test where there are none or several. */
export const only = (facts: Facts): Finding => {
  const findings = applyChecks(CHECKS, facts, undefined);
  expect(findings).toHaveLength(1);
  return findings[0] as Finding;
};
