# bash completion for rusta; goes with bash 3.2 and needs no bash-completion
_rusta() {
  local words=() index word line file cut=
  # readline ends words at '=': put '--flag', '=', 'value' together again.
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    if [[ ${#words[@]} -gt 0 && ( $word == = || ${COMP_WORDS[index - 1]} == = ) ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
  done
  word=${words[${#words[@]} - 1]}
  [[ $word == --*=* ]] && cut=${word%%=*}=
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :file ]]; then
      while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "${word#"$cut"}")
    else
      line=${line%%$'\t'*}
      COMPREPLY+=("${line#"$cut"}")
    fi
  done < <(command rusta __complete -- "${words[@]}" 2>/dev/null)
}
complete -F _rusta rusta
