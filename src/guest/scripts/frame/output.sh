# shellcheck shell=bash
# All that is printed goes to the log and to the caller. A program that is left behind may keep the output open for ever:
# a last line of ours lets the caller go, and the log takes what still comes.
set -Eeuo pipefail

readonly LAST_LINE=">>> $$ has ended"

pass_on() {
  local line last=no
  # The caller may have gone: the work is done to its end all the same.
  trap '' PIPE
  exec 3>> "$LOG_FILE"
  while IFS= read -r line || [ -n "$line" ]; do
    case "$line" in
      *"$LAST_LINE") line="${line%"$LAST_LINE"}" last=yes ;;
    esac
    if [ "$last" = no ] || [ -n "$line" ]; then
      printf '%s\n' "$line" >&3 || true
      printf '%s\n' "$line" 2> /dev/null || true
    fi
    [ "$last" = no ] || break
  done
  exec > /dev/null 2>&1
  exec cat >&3
}
exec < /dev/null > >(pass_on) 2>&1

# Removed at the end, after a function of the script was called with the exit code.
WORK="$(mktemp -d)"
AT_END=:
finish() {
  local code=$?
  { set +ex; } 2> /dev/null
  trap - ERR
  "$AT_END" "$code"
  rm -rf "$WORK"
  printf '%s\n' "$LAST_LINE"
}
trap finish EXIT
