import { printVms } from '../../vm/listing.ts';
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
    app.out.result(await printVms(app));
  },
});
