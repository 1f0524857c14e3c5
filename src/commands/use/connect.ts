import { connect } from '../../reach/connect.ts';
import { command } from '../shared/command.ts';
import { requiredVm } from '../shared/kinds.ts';

export default command({
  args: {
    vm: requiredVm,
    autoUp: { type: 'boolean', description: 'Start the VM first if it is not running' },
    viaAgent: { type: 'boolean', description: 'Go through the guest agent, whatever its address' },
  },
  details:
    "For the ProxyCommand of ssh, which 'rusta ssh-setup' writes: carries bytes between stdin, stdout and the guest's SSH server. It takes the VM's address; where that does not answer, the guest agent.",
  examples: [
    ["ssh -o ProxyCommand='rusta connect lab' admin@lab", 'what ssh-setup makes of it'],
    ['rusta connect lab < /dev/null', 'which SSH server it is'],
  ],
  requires: 'tart',
  stdout: 'result',
  document: 'none',
  run: ({ args: { vm, autoUp, viaAgent }, data: app }) => connect(app, vm, { autoUp, viaAgent }),
});
