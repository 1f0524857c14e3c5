# shellcheck shell=bash
# shellcheck disable=SC2034 # other parts read what is set here
# Some releases ship package lists that do not match the mirror.
# shellcheck disable=SC1091
release="$(. /etc/os-release && echo "${VERSION_ID:-}")"
for entry in "${STALE_LISTS[@]}"; do
  if [ "${entry%% *}" = "$release" ]; then
    rm -f "${entry#* }"
  fi
done

# Before the refresh, so that one is enough. Best effort: not every release has the PPA, and apt-get serves as well.
remove_ppa() {
  PPA=no
  rm -f /etc/apt/sources.list.d/*apt-fast*
}
PPA=no
if ! command -v apt-fast > /dev/null && command -v add-apt-repository > /dev/null; then
  PPA=yes
  timeout -k 5 "$PPA_ADD_SECONDS" add-apt-repository -y -n "$APT_FAST_PPA" || remove_ppa
fi
refresh_lists
