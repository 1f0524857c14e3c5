# shellcheck shell=bash
systemctl set-default graphical.target
systemctl daemon-reload
enabled=yes
systemctl enable --force "$DISPLAY_MANAGER.service" || enabled=no
# Units that are another's name, or say nothing of how to be enabled, need the link made for them: gdm3 is one.
unit="$(systemctl show --property=FragmentPath --value "$DISPLAY_MANAGER.service")"
if [ -z "$unit" ] && [ "$enabled" = no ]; then
  echo "$DISPLAY_MANAGER.service does not exist"
  false
fi
if [ -n "$unit" ] && [ "$(readlink -f "$DISPLAY_MANAGER_LINK" || true)" != "$(readlink -f "$unit")" ]; then
  ln -sfn "$unit" "$DISPLAY_MANAGER_LINK"
fi
# Debian's display managers start only if this names them.
program="$(command -v "$DISPLAY_MANAGER" || true)"
if [ -n "$program" ] && [ -d /etc/X11 ]; then
  echo "$program" > /etc/X11/default-display-manager
fi
