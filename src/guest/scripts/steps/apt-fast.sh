# shellcheck shell=bash
# shellcheck disable=SC2034 # other parts read what is set here
if [ "$PPA" = yes ] || [ "${#ALL_PACKAGES[@]}" -gt "${#PACKAGES[@]}" ]; then
  start_downloads
fi
start_unsafe_io
if [ "$PPA" = yes ] && ! timeout -k 5 "$PPA_INSTALL_SECONDS" apt-get "${APT_OPTIONS[@]}" install apt-fast; then
  # A repository that does not answer would fail every later update; and dpkg may have been killed amid its work.
  remove_ppa
  finish_installations
fi
if command -v apt-fast > /dev/null; then
  APT_TOOL=apt-fast
else
  echo 'apt-fast is not available, going on with apt-get'
fi
