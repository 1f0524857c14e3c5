# bash completion for rusta; goes with bash 3.2 and needs no bash-completion

# Takes the quotes off what is typed, the last of which may be open, and runs nothing of it. Sets `plain`, and `open` to that quote.
_rusta_unquote() {
  local text=$1 char
  plain= open=
  while [[ -n $text ]]; do
    char=${text:0:1}
    text=${text:1}
    if [[ $char == "$open" ]]; then
      open=
    elif [[ -z $open && ($char == \" || $char == \') ]]; then
      open=$char
    elif [[ $char == \\ && $open != \' && (-z $open || ${text:0:1} == [\"\\\`$]) ]]; then
      plain+=${text:0:1}
      text=${text:1}
    else
      plain+=$char
    fi
  done
}

# Writes a word such that the shell reads it as it is, within the quote that is open. Sets `quoted`.
_rusta_quote() {
  local text=$1 char special=$' \t!"#$&\'()*;<>?[\\]^`{|}'
  quoted=
  # A leading ~ that was typed means the home folder.
  [[ $text == \~* && $typed != \~* && -z $open ]] && quoted=\\
  while [[ -n $text ]]; do
    char=${text:0:1}
    text=${text:1}
    if [[ -z $open ]]; then
      [[ $special == *"$char"* ]] && char=\\$char
    elif [[ $open == \' ]]; then
      [[ $char == \' ]] && char="'\\''"
    elif [[ $char == ! ]]; then
      # A prompt would look into its history for it: no backslash helps within the quote.
      char='"\!"'
    elif [[ $char == [\"\\\`$] ]]; then
      char=\\$char
    fi
    quoted+=$char
  done
}

_rusta() {
  local words=() index word line plain open quoted typed cut= space=
  # bash 4 sets the options of one completion. Before it, none ends with a space but those that are given one here.
  type compopt > /dev/null 2>&1 || space=' '
  # readline ends words at '=': put '--flag', '=', 'value' together again.
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    if [[ ${#words[@]} -gt 0 && ($word == = || ${COMP_WORDS[index - 1]} == =) ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
  done
  for index in "${!words[@]}"; do
    typed=${words[index]}
    _rusta_unquote "$typed"
    words[index]=$plain
  done
  [[ $plain == --*=* ]] && cut=${plain%%=*}=
  typed=${typed#"$cut"}
  # What stands in an open quote ends with it, and readline closes it.
  [[ -n $open ]] && space=
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :file ]]; then
      _rusta_files "${plain#"$cut"}"
    else
      line=${line%%$'\t'*}
      _rusta_quote "${line#"$cut"}"
      COMPREPLY+=("$quoted$space")
    fi
  done < <(command rusta __complete -- "${words[@]}" 2> /dev/null)
}

_rusta_files() {
  local file byReadline=
  compopt -o filenames 2> /dev/null && byReadline=yes
  while IFS= read -r file; do
    if [[ -n $byReadline ]]; then
      COMPREPLY+=("$file")
      continue
    fi
    _rusta_quote "$file"
    if [[ -d ${file/#\~\//$HOME/} ]]; then COMPREPLY+=("$quoted/"); else COMPREPLY+=("$quoted$space"); fi
  done < <(compgen -f -- "$1")
}

if type compopt > /dev/null 2>&1; then complete -F _rusta rusta; else complete -o nospace -F _rusta rusta; fi
