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
  local polls=0
  while apt_locks_held; do
    if [ "$polls" -eq 0 ]; then
      echo 'Another package manager is at work, waiting until it has finished'
    fi
    polls=$((polls + 1))
    if [ "$polls" -gt "$LOCK_POLLS" ]; then
      echo "Another package manager has held the lock for $((LOCK_POLLS * LOCK_POLL_SECONDS / 60)) minutes"
      return 1
    fi
    sleep "$LOCK_POLL_SECONDS"
  done
}

# What an interrupted run left half installed would make apt refuse everything. What was cut off amid its unpacking cannot
# be configured, and apt does not always unpack it again: it goes, unless others need it, and is installed anew.
finish_installations() {
  # shellcheck disable=SC2016 # fields of dpkg-query
  dpkg-query -W -f='${db:Status-Eflag} ${Package}\n' | sed -n 's/^reinstreq //p' | while read -r package; do
    dpkg --force-remove-reinstreq --remove "$package" || echo "$package stays as it is"
  done
  dpkg --force-confdef --force-confold --configure -a || echo 'dpkg leaves the rest to apt-get'
}
