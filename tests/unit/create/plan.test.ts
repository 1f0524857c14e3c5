import { expect, test } from 'bun:test';
import { askedFor, type CreatePlan, settle, USUAL } from '../../../src/create/plan.ts';

const ASKED: CreatePlan = {
  vm: 'web',
  from: undefined,
  findReference: async () => 'ghcr.io/cirruslabs/ubuntu:24.04',
  sizes: { memoryMb: 2_048 },
  login: { user: undefined, password: undefined },
  desktop: undefined,
  window: false,
  resume: false,
  script: undefined,
  shares: [],
  up: false,
  flags: ['--memory', '2048'],
};

test('a VM of an image gets the usual sizes where none were asked for', () => {
  expect(settle(ASKED, undefined).resources).toEqual({ ...USUAL, memoryMb: 2_048 });
});

test('a copy keeps the sizes of its source, and of the record has what was asked for alone', () => {
  const plan = settle({ ...ASKED, from: 'lab' }, undefined);
  expect(plan.resources).toEqual({ memoryMb: 2_048, cpus: undefined, diskGb: undefined });
  expect(askedFor(plan)).toEqual({ from: 'lab', memory: 2_048, cpus: undefined, disk: undefined, flags: ['--memory', '2048'] });
});

test('what is gone on with is what was begun, a copy or none', () => {
  expect(settle({ ...ASKED, resume: true }, { from: 'lab', cpus: 3 })).toMatchObject({ from: 'lab', resources: { cpus: 3 } });
  expect(settle({ ...ASKED, from: 'lab', resume: true }, { image: 'x' }).from).toBeUndefined();
});
