# shellcheck shell=bash
# Refreshes the package lists once. Mirrors and networks fail for a moment; what fails thrice is broken.

update_lists() {
  apt-get "${APT_OPTIONS[@]}" update 2>&1 | tee "$WORK/update"
}

refresh_lists() {
  local try code
  for try in 1 2 3; do
    if [ "$try" -gt 1 ]; then
      sleep 1
      "$STEP_CLOCK" || true
    fi
    code=0
    update_lists || code=$?
    if [ "$code" -eq 0 ] || nobody_needs_what_failed; then
      return 0
    fi
  done
  return "$code"
}

# An image may bring repositories of others: one that is dead is no obstacle while the packages come from elsewhere.
nobody_needs_what_failed() {
  local failed repository uris
  failed="$(sed -n -e 's/^Err:[0-9]* \([^ ]*\) .*/\1/p' -e "s/^E: The repository '\([^ ]*\) .*/\1/p" "$WORK/update" | sort -u)"
  [ -n "$failed" ] || return 1
  uris="$("$APT_GET" "${APT_OPTIONS[@]}" --print-uris install "${ALL_PACKAGES[@]}" 2> /dev/null)" || return 1
  for repository in $failed; do
    case "$uris" in
      *"'$repository"*) return 1 ;;
    esac
  done
  for repository in $failed; do
    # Ours is best effort, and goes in the next step.
    if ! grep -qsF "$repository" /etc/apt/sources.list.d/*apt-fast*; then
      echo ">>> Warning: the package repository $repository of this image cannot be refreshed; nothing is needed from it"
    fi
  done
}
