# shellcheck shell=bash
# Two things may be at work in the guest already: an earlier run of ours whose connection was lost, and a fresh system's own updates.
installed() {
  command -v docker > /dev/null && systemctl cat docker.service > /dev/null 2>&1
}
unfinished() {
  [ -n "$(dpkg --audit)" ]
}

# A second engine beside the first would have other images, and answer at the same socket.
refuse_other_engine() {
  local whose=''
  if [ -e /snap/bin/docker ]; then
    whose='the snap of Docker'
  elif ! command -v docker > /dev/null; then
    return 0
  elif docker --version 2> /dev/null | grep -i podman > /dev/null; then
    whose='podman'
  elif [ -n "$(timeout 20 docker version --format '{{.Server.Version}}' 2> /dev/null || true)" ]; then
    whose='an engine that is not docker.service'
  fi
  if [ -n "$whose" ]; then
    echo "The guest has a docker command already, and it belongs to $whose"
    exit 1
  fi
}

# Downloaded whole before it is run: a pipe into a shell runs what a broken download left, and succeeds with nothing installed.
installer="$(mktemp "$WORK/get-docker.XXXXXX")"
if ! installed; then
  refuse_other_engine
  echo 'Installing Docker'
  curl -fsSL --connect-timeout 20 --max-time 300 "$DOCKER_SCRIPT_URL" -o "$installer"
fi
exec 9> "$DOCKER_SETUP_LOCK"
flock -n 9 || { echo 'An earlier docker-setup is still at work, waiting for it'; flock 9; }
if ! installed || unfinished; then
  finish_installations 9>&-
  # What it starts may outlive it, and must not hold our lock.
  installed || sh "$installer" 9>&-
  installed || { echo 'the installer exited with 0, but there is no docker'; exit 1; }
fi
if ! id -nG "$LOGIN_USER" | tr ' ' '\n' | grep -x docker > /dev/null; then
  usermod -aG docker "$LOGIN_USER"
fi
systemctl enable --now docker
