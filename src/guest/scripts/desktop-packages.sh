# shellcheck shell=bash
# Of several display managers that an image may have, this one.
if command -v debconf-set-selections > /dev/null; then
  echo "$DISPLAY_MANAGER shared/default-x-display-manager select $DISPLAY_MANAGER" | debconf-set-selections
fi
install_packages "${DESKTOP_PACKAGES[@]}"
