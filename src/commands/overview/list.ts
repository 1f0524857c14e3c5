import { formatTable } from '../../ui/table.ts';
import { command } from '../shared/command.ts';

export default command({
  args: {},
  examples: [
    ['rusta list', 'all VMs of this Mac'],
    ['rusta list | awk \'$2 == "running" { print $1 }\'', 'the names of those that run'],
  ],
  requires: 'tart',
  stdout: 'result',
  async run({ data: app }) {
    const { defaultVm } = app.store.read();
    const vms = await app.tart.list();
    const rows = vms.map(({ name, status }) => [name, status, name === defaultVm ? '*' : '']);
    app.out.data(formatTable([['NAME', 'STATUS', 'DEFAULT'], ...rows]));
  },
});
