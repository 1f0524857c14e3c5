# shellcheck shell=bash
# Arguments: the folder, else nothing for home; the kind of terminal, or nothing; then the command, whose exit code is left in a file as well.
rm -f "$RUSTA_START_FILE"
if [ -n "$2" ]; then
  export TERM="$2"
fi
cd "${1:-$HOME}" || exit
shift 2
# Ctrl-C is for the command, not for what waits for its end, and says nothing of its own when a signal ends it.
trap : INT QUIT
exec 9>&2 2> /dev/null
(
  exec 2>&9 9>&-
  trap - INT QUIT
  set_variables
  exec -- "$@"
)
code=$?
echo "$code" > "$RUSTA_CODE_FILE"
exit "$code"
