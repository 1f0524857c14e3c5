# shellcheck shell=bash
# SHARES has three words for each: its tag, where it shall be, and rw or ro.

# By its tag alone it stands under a name, so that its path on the Mac may have a colon.
mount_share() {
  local tag="$1" guest="$2" place="/run/rusta-shares/$1"
  mkdir -p "$place" "$guest" || return
  mountpoint -q "$place" || mount -t virtiofs "$tag" "$place" || return
  mountpoint -q "$guest" || mount --bind "$place/$SHARE_NAME" "$guest"
}

# What is there belongs to whoever owns it on the Mac, and not to the user of the guest.
give_share() {
  local guest="$1" group
  if sudo -n -u "$LOGIN_USER" test -w "$guest"; then
    return 0
  fi
  group="$(id -gn "$LOGIN_USER")"
  if command -v bindfs > /dev/null; then
    bindfs --force-user="$LOGIN_USER" --force-group="$group" --create-for-user="$(stat -c %u "$guest")" \
      --create-for-group="$(stat -c %g "$guest")" --chown-ignore --chgrp-ignore "$guest" "$guest" && return 0
  fi
  echo ">>> Warning: user $LOGIN_USER cannot write to $guest, which belongs to another there; with bindfs in the VM it can ('sudo apt install bindfs')"
}

failed=0
set -- "${SHARES[@]}"
while [ $# -gt 0 ]; do
  if ! reason="$(mount_share "$1" "$2" 2>&1)"; then
    echo ">>> Not mounted: $2: ${reason:-no reason given}"
    failed=1
  elif [ "$3" = rw ]; then
    give_share "$2"
  fi
  shift 3
done
exit "$failed"
