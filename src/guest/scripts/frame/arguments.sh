# shellcheck shell=bash
# shellcheck disable=SC2034 # other parts read what is set here
# Arguments: the seconds since 1970 by the clock of the Mac, empty where nobody knows them; then 'trace' to show each command.
MAC_TIME="${1-}"
TRACE="${2-}"
MAC_PROXIES=()
MAC_NO_PROXY=''
# They are not in the script, which is kept.
if [ -e "$PROXY_FILE" ]; then
  # shellcheck disable=SC1090
  . "$PROXY_FILE"
  rm -f "$PROXY_FILE"
fi
