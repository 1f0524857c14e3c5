import { diagnose, printReport } from '../../doctor/report.ts';
import { command } from '../shared/command.ts';
import { optionalVm } from '../shared/kinds.ts';

export default command({
  args: { vm: { ...optionalVm, description: 'Look at this VM alone; without it, at all of them' } },
  details: 'Looks, and changes nothing. Ends with 0 where all is well, 1 where something is broken, 2 where there is no such VM.',
  examples: [
    ['rusta doctor', 'look at this Mac and at all VMs'],
    ['rusta doctor lab', 'look at this Mac and at lab'],
  ],
  requires: 'none',
  stdout: 'report',
  async run({ args: { vm }, data: app }) {
    const report = await diagnose(app, vm);
    printReport(app, report);
    return report.findings.length === 0 ? 0 : 1;
  },
});
