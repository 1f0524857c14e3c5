# shellcheck shell=bash
# Arguments: the kind of terminal, or nothing; then the command, whose exit code is left in a file as well.
rm -f "$RUSTA_START_FILE"
if [ -n "$1" ]; then
  export TERM="$1"
fi
shift
cd || exit
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
