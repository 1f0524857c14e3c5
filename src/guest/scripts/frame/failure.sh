# shellcheck shell=bash
# shellcheck disable=SC2034 # other parts read what is set here
# Of the calls that led to a failure, the one in the script itself is what a reader looks for.
failed_at=''
remember() {
  local line="${*: -2:1}"
  if [ -z "$failed_at" ]; then
    failed_at="line $line: $(sed -n "${line}s/^ *//p" "$0")"
  fi
}
trap 'remember "$LINENO" "${BASH_LINENO[@]}"' ERR

rm -f "$STATUS_FILE"
end_provisioning() {
  if [ "$1" -ne 0 ]; then
    echo ">>> Failed at ${failed_at:-an unknown line} (exit $1)"
  fi
  stop_downloads
  end_unsafe_io
  echo "$1" > "$STATUS_FILE"
}
AT_END=end_provisioning
