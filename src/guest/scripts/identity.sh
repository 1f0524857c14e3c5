# shellcheck shell=bash
# Images and copies come with the identity of the VM that they were made of: hostname, machine-id, SSH host keys.

# Tells this VM from the one that its disk is a copy of: they have neither the name nor the network card in common.
vm_mark() {
  local card
  printf '%s' "$HOST_NAME"
  for card in /sys/class/net/e*/address; do
    [ ! -e "$card" ] || printf ' %s' "$(cat "$card")"
  done
  echo
}

set_host_name() {
  local old
  old="$(cat /etc/hostname 2> /dev/null || hostname)"
  # First of all the line by which sudo finds its own host.
  { cat /etc/hosts 2> /dev/null || true; } | awk -v old="$old" -v new="$HOST_NAME" '
    $1 == "127.0.1.1" && !found {
      found = 1
      known = 0
      for (field = 2; field <= NF && $field !~ /^#/; field++) {
        if ($field == old) $field = new
        if ($field == new) known = 1
      }
      if (!known) $1 = $1 " " new
    }
    { print }
    END { if (!found) print "127.0.1.1 " new }
  ' | put_file 644 /etc/hosts
  echo "$HOST_NAME" | put_file 644 /etc/hostname
  hostname "$HOST_NAME"
  if [ -d /etc/cloud ]; then
    # At each boot cloud-init would bring back what the image was built with.
    printf '%s\n' 'preserve_hostname: true' 'manage_etc_hosts: false' 'ssh_deletekeys: false' \
      | put_file 644 /etc/cloud/cloud.cfg.d/99-rusta-identity.cfg
  fi
}

set_machine_id() {
  local old new
  old="$(cat /etc/machine-id 2> /dev/null || true)"
  new="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  echo "$new" | put_file 444 /etc/machine-id
  if [ -f /var/lib/dbus/machine-id ] && [ ! -L /var/lib/dbus/machine-id ]; then
    echo "$new" | put_file 444 /var/lib/dbus/machine-id
  fi
  # The journal of the boots so far is found by the id.
  if [ -n "$old" ] && [ -d "/var/log/journal/$old" ]; then
    mv "/var/log/journal/$old" "/var/log/journal/$new"
    systemctl try-restart systemd-journald.service || true
  fi
}

# An RSA key is a matter of luck, and takes a second or more: it is made while the rest is done. An image without host keys makes
# its own at the first boot.
new_keys=''
begin_host_keys() {
  rm -rf /etc/ssh/new-host-keys.*
  if ! ls /etc/ssh/ssh_host_*_key > /dev/null 2>&1; then
    return 0
  fi
  new_keys="$(mktemp -d /etc/ssh/new-host-keys.XXXXXX)"
  mkdir -p "$new_keys/etc/ssh"
  ssh-keygen -q -A -f "$new_keys" &
  keys_pid=$!
}

set_host_keys() {
  local key
  if [ -z "$new_keys" ]; then
    return 0
  fi
  wait "$keys_pid"
  for key in /etc/ssh/ssh_host_*_key; do
    # Certificates are for the old keys, and so are kinds of keys that are not made any more.
    rm -f "$key-cert.pub"
    [ -e "$new_keys$key" ] || rm -f "$key" "$key.pub"
  done
  mv -f "$new_keys"/etc/ssh/ssh_host_* /etc/ssh/
  rm -rf "$new_keys"
  sync /etc/ssh /etc/ssh/ssh_host_*
  # Under either name: one that the guest lacks does not keep the other from being reloaded.
  systemctl try-reload-or-restart ssh.service sshd.service 2> /dev/null || true
}

# Without its agent a VM cannot be told anything any more.
keep_agent() {
  if ! systemctl cat tart-guest-agent.service > /dev/null 2>&1; then
    return 0
  fi
  printf '%s\n' '[Unit]' 'StartLimitIntervalSec=0' '[Service]' 'Restart=always' 'RestartSec=1' \
    | put_file 644 /etc/systemd/system/tart-guest-agent.service.d/rusta.conf
  # A copy has it from its source, and has loaded it when it booted.
  if ! systemctl show --property=DropInPaths tart-guest-agent.service | grep -F /rusta.conf > /dev/null; then
    systemctl daemon-reload
  fi
}

give_identity() {
  if [ "$(cat "$IDENTITY_FILE" 2> /dev/null)" = "$(vm_mark)" ]; then
    echo "This VM has an identity of its own already"
    return 0
  fi
  begin_host_keys
  set_host_name
  set_machine_id
  keep_agent
  set_host_keys
  # Last, and only when all is on the disk: a power cut before it lets the next run begin anew.
  sync /etc /etc/hosts /etc/hostname /etc/machine-id
  vm_mark | put_file 644 "$IDENTITY_FILE"
  sync "$IDENTITY_FILE" "${IDENTITY_FILE%/*}"
  echo "This is $HOST_NAME now, with a machine id and SSH host keys of its own"
}
