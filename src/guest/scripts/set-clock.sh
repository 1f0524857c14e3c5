# shellcheck shell=bash
# What is downloaded by a clock that is behind is not valid yet.
if [ -n "$MAC_TIME" ]; then
  "$STEP_CLOCK" "$MAC_TIME" || echo '>>> Warning: the clock of the guest is wrong and cannot be set'
fi
