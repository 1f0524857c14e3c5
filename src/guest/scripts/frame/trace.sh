# shellcheck shell=bash
if [ "$TRACE" = trace ]; then
  set -x
fi
