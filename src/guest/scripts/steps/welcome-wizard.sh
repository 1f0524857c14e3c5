# shellcheck shell=bash
# The script runs as root: the home folder is the user's own, wherever it is.
home="$(getent passwd "$LOGIN_USER" | cut -d: -f6 || true)"
if [ -z "$home" ]; then
  echo "The guest has no user $LOGIN_USER, so there is no wizard to skip"
elif [ ! -e "$home/.config/gnome-initial-setup-done" ]; then
  sudo -u "$LOGIN_USER" mkdir -p "$home/.config"
  sudo -u "$LOGIN_USER" touch "$home/.config/gnome-initial-setup-done"
fi
