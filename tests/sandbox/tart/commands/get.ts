import { out } from '../../standin/io.ts';
import type { Subcommand } from '../command-line/command.ts';
import { foundationJson } from '../json.ts';
import { GIGABYTE, localVm, MEBIBYTE, readConfig, sizesOf, stateOf } from '../store/vm.ts';
import { textTable } from '../table.ts';

export const get: Subcommand = ({ home, args }) => {
  const folder = localVm(home, args.positionals[0] ?? '');
  const config = readConfig(folder);
  const { logical, allocated } = sizesOf(folder);
  const state = stateOf(folder);
  const values = {
    OS: config.os,
    CPU: config.cpuCount,
    Memory: Math.floor(config.memorySize / MEBIBYTE),
    Disk: Math.floor(logical / GIGABYTE),
    DiskFormat: config.diskFormat,
    Size: (allocated / GIGABYTE).toFixed(3),
    Display: `${config.display.width}x${config.display.height}${config.display.unit ?? ''}`,
  };
  if (args.value('--format') === 'json') out(foundationJson({ ...values, Running: state === 'running', State: state }));
  else out(textTable([...Object.keys(values), 'State'], [[...Object.values(values).map(String), state]]));
  return 0;
};
