/** The layout of a 64-bit Mach-O program, from Apple's <mach-o/loader.h>. Little-endian, unlike its signature. */

export interface Segment {
  readonly name: string;
  /** Where its load command stands in the file. */
  readonly command: number;
  readonly fileOffset: number;
  readonly fileSize: number;
}

export interface Program {
  readonly cpuType: number;
  readonly fileType: number;
  readonly segments: readonly Segment[];
  readonly platform: number | undefined;
  /** `major << 16 | minor << 8 | patch` */
  readonly minimumOs: number | undefined;
  readonly uuid: Uuid | undefined;
  readonly signature: { readonly command: number; readonly offset: number; readonly size: number } | undefined;
}

interface Uuid {
  /** Where its load command stands in the file. */
  readonly command: number;
  /** As `dwarfdump --uuid` prints it, e.g. `4C4C44C8-5555-3144-A17A-6D257E6B6E91`. */
  readonly text: string;
}

/** The values that a program for Apple Silicon has. */
export const ARM64 = 0x0100_000c;
export const EXECUTABLE = 2;
export const PLATFORM_MACOS = 1;

const MAGIC_64 = 0xfeed_facf;
const HEADER_SIZE = 32;
const LC_SEGMENT_64 = 0x19;
const LC_UUID = 0x1b;
const LC_CODE_SIGNATURE = 0x1d;
const LC_BUILD_VERSION = 0x32;

/** Offsets of the fields that we change, from the start of their command. */
export const SEGMENT_VM_SIZE = 32;
export const SEGMENT_FILE_SIZE = 48;
export const SIGNATURE_SIZE = 12;
export const UUID = 8;

export const UUID_BYTES = 16;

interface Command {
  readonly kind: number;
  readonly at: number;
  readonly size: number;
}

/** Reads a 64-bit Mach-O program. Throws Error for another file, or one that is cut off within its load commands. */
export function readProgram(file: Uint8Array): Program {
  const view = viewOf(file);
  if (file.length < HEADER_SIZE || view.getUint32(0, true) !== MAGIC_64) throw new Error('not a 64-bit Mach-O file');
  const commands = readCommands(view);
  const build = only(commands, LC_BUILD_VERSION, 'LC_BUILD_VERSION');
  const uuid = only(commands, LC_UUID, 'LC_UUID');
  const signature = only(commands, LC_CODE_SIGNATURE, 'LC_CODE_SIGNATURE');
  return {
    cpuType: view.getUint32(4, true),
    fileType: view.getUint32(12, true),
    segments: commands.filter(({ kind }) => kind === LC_SEGMENT_64).map(({ at }) => readSegment(file, at)),
    platform: build && view.getUint32(build.at + 8, true),
    minimumOs: build && view.getUint32(build.at + 12, true),
    uuid: uuid && readUuid(file, uuid),
    signature: signature && {
      command: signature.at,
      offset: view.getUint32(signature.at + 8, true),
      size: view.getUint32(signature.at + SIGNATURE_SIZE, true),
    },
  };
}

/** Returns a segment by its name. Throws Error if there is none. */
export function segment({ segments }: Program, name: string): Segment {
  const found = segments.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`segment ${name} is missing`);
  return found;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readCommands(view: DataView): Command[] {
  const count = view.getUint32(16, true);
  const end = HEADER_SIZE + view.getUint32(20, true);
  if (end > view.byteLength) throw new Error('cut off within its load commands');
  const commands: Command[] = [];
  let at = HEADER_SIZE;
  for (let index = 0; index < count; index += 1) {
    // With a size of 0 the same command would be read for ever; with one beyond the end, bytes that are not a command.
    const size = at + 8 <= end ? view.getUint32(at + 4, true) : 0;
    if (size < 8 || at + size > end) throw new Error(`load command ${index} does not fit`);
    commands.push({ kind: view.getUint32(at, true), at, size });
    at += size;
  }
  return commands;
}

/** Returns the only command of a kind. Throws Error for two, because it would be open which one counts. */
function only(commands: readonly Command[], kind: number, name: string): Command | undefined {
  const found = commands.filter((command) => command.kind === kind);
  if (found.length > 1) throw new Error(`${found.length} ${name} commands`);
  return found[0];
}

function readSegment(file: Uint8Array, command: number): Segment {
  const view = viewOf(file);
  const name = new TextDecoder().decode(file.subarray(command + 8, command + 24)).replace(/\0+$/, '');
  return {
    name,
    command,
    fileOffset: Number(view.getBigUint64(command + 40, true)),
    fileSize: Number(view.getBigUint64(command + SEGMENT_FILE_SIZE, true)),
  };
}

function readUuid(file: Uint8Array, { at, size }: Command): Uuid {
  if (size < UUID + UUID_BYTES) throw new Error('LC_UUID is too short');
  const hex = Buffer.from(file.subarray(at + UUID, at + UUID + UUID_BYTES))
    .toString('hex')
    .toUpperCase();
  return { command: at, text: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') };
}
