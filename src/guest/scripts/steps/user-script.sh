# shellcheck shell=bash
# shellcheck disable=SC2034 # other parts read what is set here
# Of any language, in a process of its own, at home. It may hold secrets: it does not stay.
chmod 700 "$USER_SCRIPT"
user_code=0
(cd "${HOME:-/root}" && exec "$USER_SCRIPT") || user_code=$?
rm -f "$USER_SCRIPT"
if [ "$user_code" -ne 0 ]; then
  failed_at='the script that was brought along'
  exit "$user_code"
fi
