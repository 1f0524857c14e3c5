# shellcheck shell=sh
# The hardware of one guest. Runs as process 1 of its own pid and mount namespaces, so that its death, however it comes,
# takes everything along: processes, mounts and, with the network namespace that only a mount holds, the virtual cable.
#   boot.sh <state folder in the VM> <run folder> <agent program> <id> <mac> <first slot>
set -eu
state=$1 run=$2 agent=$3 id=$4 mac=$5 slot=$6
cd "$state"
mount -t proc proc /proc
# A pure cgroup2 tree for nspawn, whatever layout the host has; the host's systemd, if any, is never asked.
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir "/sys/fs/cgroup/$id"
echo 0 > "/sys/fs/cgroup/$id/cgroup.procs"
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir /run/netns
ip netns add guest

# A /30 of 192.168.64.0/20 for each guest; the name of the cable is the claim.
claims=0
until ip link add "rusta$slot" type veth peer name enp0s1 address "$mac" netns guest 2> /run/claim; do
  if [ "$claims" = 1024 ] || ! grep -q 'File exists' /run/claim; then
    cat /run/claim >&2
    exit 1
  fi
  slot=$(((slot + 1) % 1024)) claims=$((claims + 1))
done
prefix=192.168.$((64 + slot / 64))
base=$((slot % 64 * 4))
ip address add "$prefix.$((base + 1))/30" dev "rusta$slot"
ip link set "rusta$slot" up
mkdir "$run/network"
printf '[Match]\nName=enp0s1\n[Network]\nAddress=%s/30\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n' "$prefix.$((base + 2))" > "$run/network/enp0s1.network"
echo "$prefix.$((base + 2))" > "$run/address"

lower=base
for layer in layers/*; do
  [ ! -d "$layer" ] || lower=$layer:$lower
done
# A copy that was killed may have frozen the layer and put no new one in its place.
mkdir -p -m 755 upper
# Folders of lower layers can be renamed, as on a disk.
mount -t overlay overlay -o "lowerdir=$lower,upperdir=upper,workdir=work,redirect_dir=on" root
# What a Mac offers by virtiofs: folders of the host, each below its tag. `mount -t virtiofs` finds its helper in /sbin.
mkdir /run/shares
tab=$(printf '\t')
while IFS=$tab read -r tag name access path; do
  mkdir -p "/run/shares/$tag/$name"
  mount --bind "$path" "/run/shares/$tag/$name"
  [ "$access" = rw ] || mount -o remount,bind,ro "/run/shares/$tag/$name"
done < shares
printf '#!/bin/sh\nexec mount --rbind "/run/virtiofs/$1" "$2"\n' > /run/mount.virtiofs
chmod 755 /run/mount.virtiofs
# Containers inside want a keyring and rules for devices, as on a real machine.
# nspawn says 133 when the guest asked for a reboot.
status=133
while [ "$status" = 133 ]; do
  ip -n guest address flush dev enp0s1
  ip -n guest link set enp0s1 down
  status=0
  systemd-nspawn --quiet --settings=no --register=no --keep-unit --boot --directory=root --machine="$id" --hostname=ubuntu \
    --network-namespace-path=/run/netns/guest --capability=CAP_NET_ADMIN --system-call-filter='@keyring bpf' --link-journal=no --resolv-conf=off --timezone=off --console=read-only \
    --bind-ro="$agent:/usr/local/bin/tart-guest-agent" --bind="$run/agent:/run/tart-guest-agent" \
    --bind-ro="$run/network:/run/systemd/network" --bind=/run/shares:/run/virtiofs --bind-ro=/run/mount.virtiofs:/usr/sbin/mount.virtiofs || status=$?
done
exit "$status"
