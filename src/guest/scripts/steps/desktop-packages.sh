# shellcheck shell=bash
# Of several display managers that an image may have, this one.
if command -v debconf-set-selections > /dev/null; then
  echo "$DISPLAY_MANAGER shared/default-x-display-manager select $DISPLAY_MANAGER" > "$WORK/selection"
  with_apt_locks debconf-set-selections "$WORK/selection"
fi
stop_downloads
install_packages "${DESKTOP_PACKAGES[@]}"
