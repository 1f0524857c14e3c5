# shellcheck shell=sh
# Removes the traces of a guest on the host, harmless when there are none.
#   cleanup.sh wait|kill <run folder>      for a guest that ends by itself, or that must end now
set -eu
how=$1 run=$2
mount -t cgroup2 cgroup2 /sys/fs/cgroup
group=/sys/fs/cgroup/$(basename "$run")
[ "$how" = wait ] || [ ! -d "$group" ] || echo 1 > "$group/cgroup.kill"
# Free when the guest's machinery is gone. Somebody else may be cleaning too; what counts is that all is gone in the end.
flock "$run/lock" true 2> /dev/null || [ ! -e "$run" ]
# What ran inside may take a moment longer to die. A shell can only poll for it.
tries=500
while grep -qs 'populated 1' "$group/cgroup.events" && [ "$tries" -gt 0 ]; do
  sleep 0.02
  tries=$((tries - 1))
done
find "$group" -depth -type d -exec rmdir {} \; 2> /dev/null || [ ! -d "$group" ]
# What dies last, or cleans too, may still be at work there.
while ! rm -rf "$run" 2> /dev/null && [ "$tries" -gt 0 ]; do
  sleep 0.02
  tries=$((tries - 1))
done
rm -rf "$run"
