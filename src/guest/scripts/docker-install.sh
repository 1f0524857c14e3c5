# shellcheck shell=bash
# Runs as root. Two things may be at work in the guest already: an earlier run of ours whose connection was lost, and a fresh
# system's own updates.
set -eu
installed() {
  command -v docker > /dev/null && systemctl cat docker.service > /dev/null 2>&1
}
unfinished() {
  [ -n "$(dpkg --audit)" ]
}
# Downloaded whole before it is run: a pipe into a shell runs what a broken download left, and succeeds with nothing installed.
script="$(mktemp)"
trap 'rm -f "$script"' EXIT
if ! installed; then
  echo 'Installing Docker'
  curl -fsSL --connect-timeout 20 --max-time 300 https://get.docker.com -o "$script"
fi
exec 9< "/root"
flock -n 9 || { echo 'An earlier docker-setup is still at work, waiting for it'; flock 9; }
if ! installed || unfinished; then
  wait_for_apt_locks
  DEBIAN_FRONTEND=noninteractive finish_installations
  installed || sh "$script"
  installed || { echo 'the installer exited with 0, but there is no docker' >&2; exit 1; }
fi
if ! id -nG "$LOGIN_USER" | tr ' ' '\n' | grep -qx docker; then
  usermod -aG docker "$LOGIN_USER"
fi
systemctl enable --now docker
