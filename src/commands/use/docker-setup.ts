import { dockerSetup } from '../../reach/docker/setup.ts';
import { command } from '../shared/command.ts';
import { loginArgs, optionalVm } from '../shared/kinds.ts';

export default command({
  args: { vm: optionalVm, ...loginArgs },
  details: 'Makes an SSH alias and a Docker context named docker-<vm>. Run it again at any time: it repairs what is not right.',
  examples: [
    ['rusta docker-setup lab', 'Docker in lab'],
    ['docker --context docker-lab ps', 'use it from this Mac'],
  ],
  requires: 'tart',
  stdout: 'report',
  async run({ args: { vm, ...login }, data: app }) {
    app.out.result(await dockerSetup(app, vm, login));
  },
});
