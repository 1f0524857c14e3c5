# shellcheck shell=bash
# Units that the image does not have are no failure.
for unit in "${BACKGROUND_UNITS[@]}"; do
  systemctl stop "$unit" 2> /dev/null || true
done
