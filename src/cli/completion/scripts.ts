/**
 * What a shell must know: ask `rusta __complete` with the words so far, the last one being typed. Its answer is a candidate
 * a line, a tab, an explanation; or `:file` alone.
 *
 * Not those of @bomb.sh/tab 0.0.22: its bash script hands the typed words to `eval`, so that a Tab behind `$(...)` runs what
 * stands there, and needs bash 4 and bash-completion, which macOS has not.
 */
export const SCRIPTS = {
  bash: `# bash completion for rusta; goes with bash 3.2 and needs no bash-completion
_rusta() {
  local words=() index word line file cut=
  # readline ends words at '=': put '--flag', '=', 'value' together again.
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ \${#words[@]} -gt 0 && ( $word == = || \${COMP_WORDS[index - 1]} == = ) ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
  done
  word=\${words[\${#words[@]} - 1]}
  [[ $word == --*=* ]] && cut=\${word%%=*}=
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :file ]]; then
      while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "\${word#"$cut"}")
    else
      line=\${line%%$'\\t'*}
      COMPREPLY+=("\${line#"$cut"}")
    fi
  done < <(command rusta __complete -- "\${words[@]}" 2>/dev/null)
}
complete -F _rusta rusta
`,
  zsh: `#compdef rusta
# zsh completion for rusta
_rusta() {
  local -a lines candidates
  local line
  lines=("\${(@f)$(command rusta __complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in $lines; do
    if [[ $line == :file ]]; then
      compset -P '--*='
      _files
      return
    fi
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  (( $#candidates )) && _describe -t rusta rusta candidates
}
if [[ $funcstack[1] == _rusta ]]; then
  _rusta "$@"
else
  compdef _rusta rusta
fi
`,
  fish: `# fish completion for rusta
function __rusta_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    for line in (command rusta __complete -- $words[2..-1] "$word" 2>/dev/null)
        if test "$line" = :file
            __fish_complete_path (string replace -r -- '^--[^=]*=' '' "$word")
        else
            echo $line
        end
    end
end
complete -c rusta -f -a '(__rusta_complete)'
`,
} as const;

export type Shell = keyof typeof SCRIPTS;

/** Where the shells look for it, in the order of `SCRIPTS`. */
export const SCRIPT_FILES: Readonly<Record<Shell, string>> = { bash: 'rusta.bash', zsh: '_rusta', fish: 'rusta.fish' };
