#!/bin/sh
# Makes the mount and network namespace that it runs in resemble a Mac, and runs its further arguments there: docs/testing.md.
# set-up.sh <empty folder> <program> [argument]...
set -eu
doubles="$(cd "$(dirname "$0")" && pwd)/doubles"
base=$1
shift

mount -t tmpfs -o mode=0755 tmpfs "$base"
mkdir "$base/real"
cp -L /bin/sh "$base/real/sh"

# A Mac's temporary folder: long, and behind a link. There is no folder in memory.
mkdir -p "$base/private/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T"
ln -s private/var "$base/var"
TMPDIR="$base/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/"
if [ -d /dev/shm ]; then mount -t tmpfs -o size=64k tmpfs /dev/shm; fi

# lo0 answers to one address.
ip link set lo up
ip address del 127.0.0.1/8 dev lo
ip address add 127.0.0.1/32 dev lo

# Changes to these folders stay in this namespace.
for folder in /usr/bin /usr/sbin /opt; do
  mkdir -p "$base/upper$folder" "$base/work$folder"
  mount -t overlay overlay -o "lowerdir=$folder,upperdir=$base/upper$folder,workdir=$base/work$folder" "$folder"
done

# Homebrew stands where rusta looks for it beside PATH, and what it brought is not the tests'.
mkdir -p /opt/homebrew/bin
for program in brew tart softnet sshpass docker; do
  printf '#!%s\necho "the %s of the machine was started" >&2\nexit 97\n' "$base/real/sh" "$program" > "/opt/homebrew/bin/$program"
  chmod 755 "/opt/homebrew/bin/$program"
done

# play <double> <program>...: the program is the double from now on, which may start the real one.
play() {
  double=$1
  shift
  for program; do
    path="$(command -v "$program")" || continue
    path="$(readlink -f "$path")"
    cp "$path" "$base/real/$program"
    sed -e "s|@SH@|$base/real/sh|" -e "s|@REAL@|$base/real/$program|" -e "s|@TEMPORARY@|$TMPDIR|" "$doubles/$double" > "$base/double"
    chmod 755 "$base/double"
    mv "$base/double" "$path"
  done
}

# hide <program>...: nobody finds them any more.
hide() {
  for program; do
    path="$(command -v "$program")" || continue
    rm "$path"
  done
}

ln -sf bash /usr/bin/sh
play mktemp mktemp
play install install
play bsd sed date stat base64 cp mv rm ln mkdir rmdir touch chmod cat cut tee tr wc find xargs readlink du tail head
hide setsid timeout flock tac stdbuf setpriv ionice chrt nsenter pidof watch free namei lslocks runuser
hide apt-get apt apt-cache dpkg dpkg-query systemctl journalctl loginctl hostnamectl timedatectl getent usermod useradd adduser chpasswd lsb_release

export TMPDIR
exec "$@"
