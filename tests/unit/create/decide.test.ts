import { describe, expect, test } from 'bun:test';
import { decideCreate } from '../../../src/create/create.ts';
import { RustaError } from '../../../src/errors.ts';
import type { CreatePhase } from '../../../src/state/record.ts';
import type { Vm } from '../../../src/tools/tart/list.ts';

const asked = (resume = false) => ({ vm: 'lab', resume });
const vm = (status: Vm['status'] = 'stopped', name = 'lab'): Vm => ({ name, status });

describe('what create does, by what was asked, what Tart has and what is on record', () => {
  const rows: [resume: boolean, existing: Vm | undefined, phase: CreatePhase | undefined, decision: ReturnType<typeof decideCreate>][] = [
    [false, undefined, undefined, 'clone'],
    [false, undefined, 'provisioning', 'clone'],
    [true, undefined, 'cloning', 'clone'],
    [true, undefined, undefined, 'nothing-to-resume'],
    [false, vm(), undefined, 'skip'],
    [false, vm('running'), undefined, 'skip'],
    [true, vm(), undefined, 'skip'],
    [true, vm(), 'cloning', 'finish'],
    [true, vm(), 'booting', 'finish'],
    [true, vm(), 'provisioning', 'finish'],
  ];
  test.each(rows)('resume %p, existing %p, phase %p: %p', (resume, existing, phase, decision) => {
    expect(decideCreate(asked(resume), existing, phase)).toBe(decision);
  });
});

describe('what create refuses', () => {
  const rows: [resume: boolean, existing: Vm, phase: CreatePhase | undefined, code: string, message: string][] = [
    [false, vm('stopped', 'Lab'), undefined, 'vm_exists', "VM 'Lab' already exists, and macOS does not tell 'lab' from it"],
    [false, vm(), 'booting', 'vm_incomplete', "VM 'lab' already exists but is not complete: its creation stopped while booting"],
  ];
  test.each(rows)('resume %p, existing %p, phase %p: %s', (resume, existing, phase, code, message) => {
    const refuse = () => decideCreate(asked(resume), existing, phase);
    expect(refuse).toThrow(RustaError);
    expect(refuse).toThrow(expect.objectContaining({ code, message }));
  });
});
