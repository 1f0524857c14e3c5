# shellcheck shell=bash
install_anew_what_was_cut_off
if [ "${#ALL_PACKAGES[@]}" -eq "${#PACKAGES[@]}" ]; then
  stop_downloads
fi
install_packages "${PACKAGES[@]}"
