# shellcheck shell=bash
# Before the installation: NetworkManager reads it when it starts for the first time.
mkdir -p "${NETWORK_FILE%/*}"
if [ ! -e "$NETWORK_FILE" ]; then
  printf '[keyfile]\nunmanaged-devices=none\n' > "$NETWORK_FILE"
fi
