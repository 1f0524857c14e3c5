# shellcheck shell=bash
# cloud-init may still be at work on what the next steps read: package sources, users, keys.
if command -v cloud-init > /dev/null; then
  waited=0
  timeout "$CLOUD_INIT_SECONDS" cloud-init status --wait > /dev/null 2>&1 || waited=$?
  if [ "$waited" -eq 124 ]; then
    echo ">>> Warning: cloud-init in the guest does not end, going on after $((CLOUD_INIT_SECONDS / 60)) minutes"
  fi
fi
finish_installations
