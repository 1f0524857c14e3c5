# shellcheck shell=bash
# What every installation in the guest needs: nobody else at work, and nothing half done by an earlier run.

apt_locks_held() {
  if command -v fuser > /dev/null; then
    fuser -s "${APT_LOCKS[@]}" 2> /dev/null
  else
    lslocks -n -o PATH 2> /dev/null | grep -xF -f <(printf '%s\n' "${APT_LOCKS[@]}") > /dev/null
  fi
}

wait_for_apt_locks() {
  local waited=0 pause=1
  apt_locks_held || return 0
  echo 'Another package manager is at work, waiting until it has finished' >&2
  while apt_locks_held; do
    if [ "$waited" -ge "$LOCK_SECONDS" ]; then
      echo "Another package manager has held the lock for $((LOCK_SECONDS / 60)) minutes" >&2
      return 1
    fi
    sleep "$pause"
    waited=$((waited + pause))
    [ "$pause" -ge "$LOCK_POLL_SECONDS" ] || pause=$((pause + 1))
  done
}

# Runs a command that needs the locks. Somebody may take one between our look and its use: then it is run again.
with_apt_locks() {
  local said code until=$((SECONDS + LOCK_SECONDS))
  said="$(mktemp "$WORK/said.XXXXXX")"
  while :; do
    wait_for_apt_locks || return 1
    code=0
    "$@" 2> "$said" || code=$?
    cat "$said" >&2
    if [ "$code" -eq 0 ] || ! grep -qE "$LOCK_MESSAGES" "$said" || [ "$SECONDS" -ge "$until" ]; then
      return "$code"
    fi
    sleep 1
  done
}

# From here on apt-get waits for all locks, whoever calls it: DPkg::Lock::Timeout knows one of them, and scripts of others none.
guard_apt_get() {
  APT_GET="$(command -v apt-get)"
  readonly APT_GET
  mkdir "$WORK/bin"
  {
    echo '#!/bin/bash'
    declare -p APT_LOCKS LOCK_SECONDS LOCK_POLL_SECONDS LOCK_MESSAGES APT_GET WORK
    declare -f apt_locks_held wait_for_apt_locks with_apt_locks
    # shellcheck disable=SC2016 # for the script that is made
    echo 'with_apt_locks "$APT_GET" "$@"'
  } > "$WORK/bin/apt-get"
  chmod 755 "$WORK/bin/apt-get"
  export PATH="$WORK/bin:$PATH"
  hash -r
}

# What an interrupted run left half installed would make apt refuse everything. What was cut off amid its unpacking cannot
# be configured, and apt does not always unpack it again: it goes, unless others need it, and is installed anew.
finish_installations() {
  # shellcheck disable=SC2016 # fields of dpkg-query
  dpkg-query -W -f='${db:Status-Eflag} ${Package}\n' | sed -n 's/^reinstreq //p' | while read -r package; do
    with_apt_locks dpkg --force-remove-reinstreq --remove "$package" < /dev/null || echo "$package stays as it is"
  done
  with_apt_locks dpkg --force-confdef --force-confold --configure -a || echo 'dpkg leaves the rest to apt-get'
}
