#compdef rusta
# zsh completion for rusta
_rusta() {
  local -a lines candidates
  local line value
  # PREFIX is the word up to the cursor, without a quote that is open.
  lines=("${(@f)$(command rusta __complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
  for line in $lines; do
    if [[ $line == :file ]]; then
      compset -P '--*='
      _files
      return
    fi
    value=${line%%$'\t'*}
    value=${value//\\/\\\\}
    candidates+=("${value//:/\\:}:${line#*$'\t'}")
  done
  (( $#candidates )) && _describe -t rusta rusta candidates
}
if [[ $funcstack[1] == _rusta ]]; then
  _rusta "$@"
else
  compdef _rusta rusta
fi
