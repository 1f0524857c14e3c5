import bash from './scripts/rusta.bash' with { type: 'text' };
import fish from './scripts/rusta.fish' with { type: 'text' };
import zsh from './scripts/rusta.zsh' with { type: 'text' };

/**
 * A shell loads its script, which asks `rusta __complete` with the words so far, the last one being typed. The answer is a
 * candidate a line, a tab, an explanation; or `:file` alone.
 *
 * The scripts of @bomb.sh/tab 0.0.22 are not used: the one for bash hands the typed words to `eval`, so that a Tab behind
 * `$(...)` runs what stands there, and it needs bash 4 and bash-completion, which macOS does not have.
 */
export const SCRIPTS = { bash, zsh, fish } as const;

export type Shell = keyof typeof SCRIPTS;

/** The file names under which the shells look for their script. */
export const SCRIPT_FILES: Readonly<Record<Shell, string>> = { bash: 'rusta.bash', zsh: '_rusta', fish: 'rusta.fish' };
