import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { out, write } from '../../standin/io.ts';
import type { Subcommand } from '../command-line/command.ts';
import { otherError } from '../errors.ts';
import { foundationJson } from '../json.ts';
import { cachedImages } from '../store/cache.ts';
import type { TartHome } from '../store/home.ts';
import { GIGABYTE, isComplete, sizesOf, stateOf } from '../store/vm.ts';
import { textTable } from '../table.ts';

interface Row {
  readonly Source: 'local' | 'OCI';
  readonly Name: string;
  readonly Disk: number;
  readonly Size: number;
  readonly Accessed: string;
  readonly Running: boolean;
  readonly State: string;
}

export const list: Subcommand = ({ home, args }) => {
  const source = args.value('--source');
  const rows = [...(source === 'oci' ? [] : localRows(home)), ...(source === 'local' ? [] : imageRows(home))];
  if (args.flags.has('--quiet')) write(1, rows.map(({ Name }) => `${Name}\n`).join(''));
  else if (args.value('--format') === 'json') out(foundationJson(rows));
  else out(textTable(['Source', 'Name', 'Disk', 'Size', 'Accessed', 'State'], rows.map(textCells)));
  return 0;
};

const textCells = (row: Row) => [row.Source, row.Name, String(row.Disk), String(row.Size), 'now', row.State];

const byName = (a: Row, b: Row) => (a.Name < b.Name ? -1 : Number(a.Name > b.Name));

function localRows(home: TartHome): Row[] {
  return readdirSync(home.vms)
    .filter((name) => isComplete(join(home.vms, name)))
    .map((name) => row('local', name, join(home.vms, name)))
    .sort(byName);
}

const imageRows = (home: TartHome): Row[] =>
  cachedImages(home)
    .map(({ name, folder }) => row('OCI', name, folder))
    .sort(byName);

function row(source: Row['Source'], name: string, folder: string): Row {
  try {
    const { logical, allocated } = sizesOf(folder);
    const state = stateOf(folder);
    return {
      Source: source,
      Name: name,
      Disk: Math.floor(logical / GIGABYTE),
      Size: Math.floor(allocated / GIGABYTE),
      Accessed: statSync(folder)
        .atime.toISOString()
        .replace(/\.\d+Z$/, 'Z'),
      Running: state === 'running',
      State: state,
    };
  } catch {
    // Gone between the scan and the look: the whole command fails, as Tart's does.
    throw otherError('The file “config.json” couldn’t be opened because there is no such file.');
  }
}
