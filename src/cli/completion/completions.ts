import { command } from '../../commands/shared/command.ts';
import { oneOf } from '../../commands/shared/kinds.ts';
import { SCRIPTS } from './scripts.ts';

export default command({
  args: {
    shell: { type: 'positional', required: true, ...oneOf(SCRIPTS), description: Object.keys(SCRIPTS).join(', ') },
  },
  details: 'Where Homebrew installed rusta, the shells have it already.',
  examples: [
    ['source <(rusta completions zsh)', 'in ~/.zshrc, after compinit'],
    ['rusta completions fish | source', 'in ~/.config/fish/config.fish'],
  ],
  requires: 'none',
  stdout: 'result',
  document: 'none',
  async run({ args: { shell: script }, data: app }) {
    app.out.data(script.trimEnd());
  },
});
