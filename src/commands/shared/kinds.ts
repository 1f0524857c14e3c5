import { UsageError } from '../../errors.ts';
import { checkImage } from '../../images/image.ts';
import { isPassword, isUserName } from '../../state/grammar.ts';
import { checkNewVmName, checkVmName } from '../../vm/name.ts';
import { parseShare } from '../../vm/shares.ts';
import { notAccepted, type PassthroughDef, type Place, type PositionalDef, type Range, type ValueDef } from './args.ts';

/** Reads the name of a VM, which need not exist. */
export const vmName = { parse: (text: string, { command }: Place) => checkVmName(text, command) };

/** Reads the name of a VM that is to be made. (spec 4.3) */
export const newVmName = { parse: (text: string, { command }: Place) => checkNewVmName(text, command) };

/** The VM that most commands work on. Without it they use the default VM. (spec 3) */
export const optionalVm = {
  type: 'positional',
  required: false,
  ...vmName,
  completes: 'vms',
  description: 'The VM; without it RUSTA_VM, else the default VM',
} as const satisfies PositionalDef;

export const requiredVm = { ...optionalVm, required: true, description: 'The VM' } as const satisfies PositionalDef;

/** Reads the name of an image, configured or not. */
export const imageName = { parse: checkImage, completes: 'images' } as const;

/** The login of VMs that rusta did not create, or whose login has changed. (D4) */
export const loginArgs = {
  user: {
    type: 'string',
    valueHint: 'username',
    parse(text: string, { command }: Place) {
      // Anything else might be taken for an option of ssh.
      if (!isUserName(text)) throw new UsageError(`'${text}' is not a user name`, command);
      return text;
    },
    description: 'Login of the guest (default: as given to create, else admin)',
  },
  password: {
    type: 'string',
    valueHint: 'password',
    parse(text: string, { command }: Place) {
      if (!isPassword(text)) throw new UsageError('a password is one line', command);
      return text;
    },
    description: 'Its password (default: as given to create, else admin)',
  },
} as const satisfies Record<string, ValueDef>;

/** Reads a whole number within these bounds. */
export function wholeNumber(range: Range, unit = '') {
  return {
    range,
    parse(text: string, { command, spelling }: Place): number {
      const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      if (number >= range.min && number <= range.max) return number;
      const where = spelling.startsWith('-') ? `flag '${spelling}'` : spelling;
      throw new UsageError(`${where} takes a whole number${unit} from ${range.min} to ${range.max}, not '${text}'`, command);
    },
  };
}

/** The MB of a unit, as people write it for memory and disks. */
const MB: Readonly<Record<string, number>> = { m: 1, g: 1_024, t: 1_048_576 };

/** Reads `8192` in this unit, or `8G`, `8GB`, `512M`, as whole numbers of the unit within these bounds. */
export function size(unit: 'MB' | 'GB', range: Range) {
  const perUnit = unit === 'MB' ? 1 : 1_024;
  return {
    range,
    parse(text: string, { command, spelling }: Place): number {
      const [, number = '', letter = unit[0] ?? ''] = /^(\d{1,9})(?:([mgt])(?:i?b)?)?$/i.exec(text) ?? [];
      const value = number === '' ? Number.NaN : (Number(number) * (MB[letter.toLowerCase()] ?? Number.NaN)) / perUnit;
      if (Number.isInteger(value) && value >= range.min && value <= range.max) return value;
      const unitless = unit === 'MB' && /^[1-9]\d{0,2}$/.test(text) ? ` (for ${text} GB: ${text}G)` : '';
      const numbers = `a whole number of ${unit} from ${range.min} to ${range.max}, or a size with a unit such as ${unit === 'MB' ? '8G' : '1T'}`;
      throw new UsageError(`flag '${spelling}' takes ${numbers}, not '${text}'${unitless}`, command);
    },
  };
}

/** Reads a whole number of seconds within these bounds, as milliseconds. */
export function seconds(range: Range) {
  const { parse } = wholeNumber(range, ' of seconds');
  return { range, parse: (text: string, place: Place) => parse(text, place) * 1_000 };
}

/** Reads a folder that a VM shall see; the flag may be given more than once. */
export const shareArg = {
  type: 'string',
  valueHint: 'folder',
  parse: (text: string, { command }: Place) => parseShare(text, command),
  completes: 'files',
  repeats: true,
} as const satisfies Omit<ValueDef, 'description'>;

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
/** Longest time of a timer. Milliseconds. */
const LONGEST_MS = 24 * 24 * 3_600_000;

/** Reads `90`, `90s`, `20m` or `2h`, as milliseconds. */
export const duration = {
  parse(text: string, { command, spelling }: Place): number {
    const [, number, unit = 's'] = /^(\d{1,9})([smh]?)$/.exec(text) ?? [];
    const ms = Number(number) * (UNITS[unit === '' ? 's' : unit] ?? Number.NaN);
    if (ms > 0 && ms <= LONGEST_MS) return ms;
    throw new UsageError(`flag '${spelling}' takes a time such as 90s, 20m or 2h, up to 24 days, not '${text}'`, command);
  },
};

/** Reads the name of an environment variable, but no value, because that would be seen in the argument list. */
export const variableName = {
  parse(text: string, { command, spelling }: Place): string {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return text;
    const value = text.includes('=') ? ': its value is taken from the environment of rusta' : '';
    throw new UsageError(`flag '${spelling}' takes the name of a variable${value}`, command);
  },
};

/** Reads one of a few texts, each of which stands for a value. */
export function oneOf<T>(values: Readonly<Record<string, T>>) {
  const choices = Object.keys(values);
  return {
    choices,
    parse(text: string, place: Place): T {
      const found = Object.entries(values).find(([choice]) => choice === text);
      if (found === undefined) throw notAccepted(text, choices, place);
      return found[1];
    },
  };
}

/** Makes the argument that gets the words after `--`. */
export function passthrough(description: string): PassthroughDef {
  return { type: 'positional', required: false, passthrough: true, description };
}
