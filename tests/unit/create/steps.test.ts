import { expect, test } from 'bun:test';
import { createSteps, ledgerLine } from '../../../src/create/steps.ts';

test('the ledger has each step that was begun, with the time until the next, or the end', () => {
  let now = 0;
  const said: string[] = [];
  const progress = { step: (title: string) => said.push(title), end: (outcome: string) => said.push(outcome) };
  const steps = createSteps({ progress, clock: { now: () => now } } as never);
  steps.begin('clone', 'Cloning x');
  now = 12_000;
  steps.begin('boot', 'Booting x');
  now = 15_500;
  steps.end('done');
  now = 99_000;
  steps.end('stopped');
  expect(steps.ledger()).toEqual([
    { step: 'clone', ms: 12_000 },
    { step: 'boot', ms: 3_500 },
  ]);
  expect(said).toEqual(['Cloning x', 'Booting x', 'done', 'stopped']);
});

test.each<[string, readonly (readonly [string, number])[]]>([
  ['clone 12 s, boot 9 s, packages 1 min 01 s', Object.entries({ clone: 12_100, boot: 8_900, clock: 400, packages: 61_000 })],
  ['clone 1 s', [['clone', 500]]],
  ['less than a second', [['clone', 499]]],
  ['less than a second', []],
])('%s', (line, entries) => {
  expect(ledgerLine(entries.map(([step, ms]) => ({ step, ms })))).toBe(line);
});
