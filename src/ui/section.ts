import type { App } from '../app.ts';

/** Folds the lines printed to stderr until it is disposed of, in the logs of GitHub and GitLab. Does nothing elsewhere. */
export function openSection({ stdio, env, out }: Pick<App, 'stdio' | 'env' | 'out'>, title: string): Disposable {
  const { open, close } = out.json ? NONE : linesFor(env, title);
  if (open !== '') stdio.write(2, open);
  let isOpen = true;
  return {
    [Symbol.dispose]() {
      if (isOpen && close !== '') stdio.write(2, close);
      isOpen = false;
    },
  };
}

interface SectionLines {
  readonly open: string;
  readonly close: string;
}

/** For logs in which nothing is folded, and output in which each line is a JSON document. */
const NONE: SectionLines = { open: '', close: '' };
const GITLAB_NAME = 'rusta_set_up';

function linesFor(env: App['env'], title: string): SectionLines {
  if (env['GITHUB_ACTIONS'] === 'true') return { open: `::group::${title}\n`, close: '::endgroup::\n' };
  if (env['GITLAB_CI'] === undefined) return NONE;
  const mark = (edge: 'start' | 'end', more: string) =>
    `\x1b[0Ksection_${edge}:${Math.round(Date.now() / 1_000)}:${GITLAB_NAME}${more}\r\x1b[0K`;
  return {
    open: `${mark('start', '[collapsed=true]')}${title}\n`,
    get close() {
      return `${mark('end', '')}\n`;
    },
  };
}
