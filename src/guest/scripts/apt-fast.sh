# shellcheck shell=bash
# Best effort: not every release has the PPA, and apt-get serves as well.
apt_tool=apt-get
add_apt_fast() {
  command -v apt-fast > /dev/null && return 0
  command -v add-apt-repository > /dev/null || return 1
  if timeout -k 5 "$PPA_ADD_SECONDS" add-apt-repository -y -n "$APT_FAST_PPA" \
    && timeout -k 5 "$PPA_UPDATE_SECONDS" apt-get "${APT_OPTIONS[@]}" update \
    && timeout -k 5 "$PPA_INSTALL_SECONDS" apt-get "${APT_OPTIONS[@]}" install apt-fast; then
    return 0
  fi
  # A repository that does not answer would fail every later update.
  rm -f /etc/apt/sources.list.d/*apt-fast*
  return 1
}
if add_apt_fast; then
  apt_tool=apt-fast
else
  echo 'apt-fast is not available, going on with apt-get'
  # Killed amid an installation, or with lists that the repository left.
  finish_installations
fi
install_packages() {
  if [ "$apt_tool" = apt-fast ] && apt-fast "${APT_OPTIONS[@]}" install "$@"; then
    return 0
  fi
  retry apt-get "${APT_OPTIONS[@]}" install "$@"
}
