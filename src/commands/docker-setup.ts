import { dockerSetup } from '../reach/docker-setup.ts';
import { command } from './shared/leaf.ts';
import { checkLoginArgs, LOGIN_ARGS } from './shared/login-args.ts';
import { VM_OR_DEFAULT } from './shared/vm-arg.ts';

export const setup = command({
  name: 'docker-setup',
  summary: 'Install Docker in a VM and wire the docker CLI of this Mac to it',
  description: 'Makes an SSH alias and a Docker context named docker-<vm>. Run it again at any time: it repairs what is not right.',
  args: { vm: VM_OR_DEFAULT, ...LOGIN_ARGS },
  examples: [
    ['rusta docker-setup lab', 'Docker in lab'],
    ['docker --context docker-lab ps', 'use it from this Mac'],
  ],
  needs: 'docker',
  output: 'lifecycle',
  check: checkLoginArgs('docker-setup'),
  async run(app, { vm, user, password }) {
    await dockerSetup(app, vm, { user, password });
    return undefined;
  },
});
