# shellcheck shell=bash
# Some releases ship package lists that do not match the mirror.
# shellcheck disable=SC1091
release="$(. /etc/os-release && echo "${VERSION_ID:-}")"
for entry in "${STALE_LISTS[@]}"; do
  if [ "${entry%% *}" = "$release" ]; then
    rm -f "${entry#* }"
  fi
done
retry apt-get "${APT_OPTIONS[@]}" update
