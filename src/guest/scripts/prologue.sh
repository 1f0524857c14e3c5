# shellcheck shell=bash
# Keeps what is printed, names the line that failed, and leaves the exit code in a file.
set -Eeuo pipefail

rm -f "$STATUS_FILE"
exec > >(tee -a "$LOG_FILE") 2>&1
log_writer=$!

# Of the calls that led to a failure, the one in the script itself is what a reader looks for.
failed_at=''
remember() {
  local line="${*: -2:1}"
  if [ -z "$failed_at" ]; then
    failed_at="line $line: $(sed -n "${line}s/^ *//p" "$0")"
  fi
}
trap 'remember "$LINENO" "${BASH_LINENO[@]}"' ERR
finish() {
  local code=$?
  trap - ERR
  if [ "$code" -ne 0 ]; then
    echo ">>> Failed at ${failed_at:-an unknown line} (exit $code)"
  fi
  echo "$code" > "$STATUS_FILE"
  exec >&- 2>&-
  wait "$log_writer" || true
}
trap finish EXIT

export DEBIAN_FRONTEND=noninteractive
export DEBCONF_NONINTERACTIVE_SEEN=true
export NEEDRESTART_MODE=l
export LC_ALL=C.UTF-8
export LANG=C.UTF-8
