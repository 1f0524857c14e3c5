import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { RustaError } from '../../../src/errors.ts';
import { decode, formatDocument, parseDocument } from '../../../src/state/document.ts';

const read = (text: string) => decode(parseDocument(text, 'state.toml'), 'state.toml');

test('what rusta writes is read', () => {
  const state = read('default_vm = "lab"\n[vms.lab]\ngui = true\nsetup = "booting"\nuser = "me"\npassword = "x"\n');
  expect(state.defaultVm).toBe('lab');
  expect(state.vms.get('lab')).toEqual({ window: true, phase: 'booting', user: 'me', password: 'x' });
});

test('names are data: constructor is a VM like any other, and no VM when it is not there', () => {
  expect(read('[vms.constructor]\ngui = true').vms.get('constructor')?.window).toBe(true);
  expect(read('').vms.get('constructor')).toBeUndefined();
});

test('unknown keys survive, and top-level keys stand before tables', () => {
  const text = 'future = 1\n[vms.lab]\ncolour = "red"\n[[sources]]\nregistry = "ghcr.io/a"\n';
  const document = parseDocument(text, 'state.toml');
  document['default_vm'] = 'lab';
  const written = formatDocument(document);
  expect(written.indexOf('default_vm')).toBeLessThan(written.indexOf('['));
  const { default_vm: _, ...others } = parseDocument(written, 'state.toml');
  expect<unknown>(others).toEqual(parseDocument(text, 'state.toml'));
});

describe('a file that cannot be used is named, with the place', () => {
  const cases: [text: string, message: string][] = [
    ['default_vm = "lab"\nbroken =\n', 'state.toml is not valid: line 2:'],
    ['default_vm = 3', 'default_vm is not a string'],
    ['vms = 3', "'vms' is not a table"],
    ['[vms]\nlab = 3', '[vms.lab] is not a table'],
    ['[vms.lab]\ngui = "yes"', 'vms.lab.gui is not a boolean'],
    ['[vms.lab]\nsetup = "dancing"', "vms.lab.setup is 'dancing'"],
    ['[vms.lab]\nuser = "-oProxyCommand=touch x"', 'vms.lab.user is not a user name'],
    ['[vms.lab]\nuser = "a\\nHost *"', 'vms.lab.user is not a user name'],
    ['[vms.lab]\npassword = "a\\u0000b"', 'vms.lab.password is not one line'],
    ['[vms.lab]\nimage = "--help"', 'vms.lab.image is not an image reference'],
    ['[vms.lab]\ncpus = -1', 'vms.lab.cpus is not a whole number above 0'],
    ['[vms.lab]\ndisk = nan', 'vms.lab.disk is not a whole number above 0'],
    ['[[sources]]\nregistry = "--help"', "'--help' is not a source"],
    ['images = ["-x"]', "'-x' is not an image name"],
  ];
  test.each(cases)('%p', (text, message) => {
    expect(() => read(text).vms.get('lab')).toThrow(message);
  });
});

test('any text gives a state or a RustaError', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'[].="\'\n #ab1-'), maxLength: 30 }), (text) => {
      try {
        return [...read(text).vms.keys()].every((vm) => vm !== undefined);
      } catch (error) {
        return error instanceof RustaError;
      }
    }),
    { numRuns: 2_000 },
  );
});
