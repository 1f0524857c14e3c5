import type { WorldOptions } from '../../registry/world.ts';
import { createCases } from './registry-create-cases.ts';
import { troubleCases } from './registry-trouble-cases.ts';
import { versionsCases } from './registry-versions-cases.ts';
import { prepareCases } from './registry-world.ts';

/** What the product must make of a registry, told of the in-process double and of a real one alike. */
export function registryCases(kind: WorldOptions['kind']): void {
  const cases = prepareCases(kind);
  versionsCases(cases);
  troubleCases(cases);
  createCases(cases);
}
