import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { RustaError } from '../../../../src/errors.ts';
import { parseInventory } from '../../../../src/tools/tart/list.ts';

const row = { Source: 'local', Name: 'lab', State: 'stopped', Running: false, Disk: 20, Size: 4, Accessed: '2026-02-23T17:55:36Z' };
const parseList = (json: string) => parseInventory(json).vms;
const list = (...rows: unknown[]) => parseList(JSON.stringify(rows));

test('local VMs in order; images of the cache are not VMs', () => {
  const image = { ...row, Source: 'OCI', Name: 'ghcr.io/cirruslabs/ubuntu:24.04' };
  expect(list({ ...row, State: 'running', Running: true }, image, { ...row, Name: 'b', State: 'suspended' })).toEqual([
    { name: 'lab', status: 'running' },
    { name: 'b', status: 'suspended' },
  ]);
});

test('images have a name and the size of their disk; odd ones are left out', () => {
  const image = { ...row, Source: 'OCI', Name: 'ghcr.io/cirruslabs/ubuntu:24.04' };
  expect(parseInventory(JSON.stringify([row, image, { Source: 'OCI', Name: 1 }, { ...image, Disk: '20 GB' }])).images).toEqual([
    { name: 'ghcr.io/cirruslabs/ubuntu:24.04', diskGb: 20 },
  ]);
});

test('an empty list as Tart prints it', () => {
  expect(parseList('[\n\n]\n')).toEqual([]);
});

test('new keys are ignored, and releases without State are read', () => {
  expect(list({ ...row, Future: { a: 1 } }, { Source: 'local', Name: 'old', Running: true })).toEqual([
    { name: 'lab', status: 'stopped' },
    { name: 'old', status: 'running' },
  ]);
});

describe('what cannot be read is said, not guessed', () => {
  const cases: [json: string, message: string][] = [
    ['', "begins with ''"],
    ['[{"Name": "lab"', "begins with '[{"],
    ['{}', 'not a list'],
    ['[1]', 'not an object'],
    [JSON.stringify([{ ...row, Name: 3 }]), "no 'Name'"],
    [JSON.stringify([{ Source: 'local', Name: 'lab', State: 'dreaming' }]), 'the state of \'lab\' is "dreaming"'],
  ];
  test.each(cases)('%p', (json, message) => {
    expect(() => parseList(json)).toThrow(message);
  });
});

test('any text gives VMs or a RustaError', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      try {
        return Array.isArray(parseList(text));
      } catch (error) {
        return error instanceof RustaError;
      }
    }),
    { numRuns: 2_000 },
  );
});
