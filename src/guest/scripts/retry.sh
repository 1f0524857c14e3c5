# shellcheck shell=bash
# Mirrors and networks fail for a moment; what fails thrice is broken.
retry() {
  for _ in 1 2; do
    if "$@"; then
      return 0
    fi
    sleep 1
  done
  "$@"
}
