import { formatTable } from '../ui/table.ts';
import { command } from './shared/leaf.ts';

export const list = command({
  name: 'list',
  summary: 'List the VMs and mark the default one',
  args: {},
  examples: [
    ['rusta list', 'all VMs of this Mac'],
    ['rusta list | awk \'$2 == "running" { print $1 }\'', 'the names of those that run'],
  ],
  needs: 'tart',
  output: 'data',
  async run(app) {
    const { defaultVm } = app.store.read();
    const vms = await app.tart.list();
    const rows = vms.map(({ name, status }) => [name, status, name === defaultVm ? '*' : '']);
    app.out.data(formatTable([['NAME', 'STATUS', 'DEFAULT'], ...rows]));
    return undefined;
  },
});
