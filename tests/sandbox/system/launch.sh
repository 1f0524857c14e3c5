# shellcheck shell=sh
# Makes the guest's run folder, takes its lock, leaves a cleaner behind, and becomes the guest's outermost process.
#   launch.sh <run folder> <cleanup.sh> <boot.sh> <arguments of boot.sh…>
set -eu
run=$1 cleanup=$2 boot=$3
shift 3
mkdir "$run"
# For the agent's socket: `admin` is 1000 in the base image.
install -d -o 1000 -g 1000 "$run/agent"
# Inherited by every process of the guest on the host: free means that the last one is gone.
exec 9> "$run/lock"
flock 9
# Survives us, so a guest that was killed together with its `tart run` leaves nothing either.
setsid unshare --mount sh -c "$cleanup" cleanup.sh wait "$run" 9>&- < /dev/null > /dev/null 2>&1 &
exec unshare --mount --pid --fork --kill-child sh -c "$boot" boot.sh "$@"
