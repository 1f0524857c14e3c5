# shellcheck shell=sh
# Gives the installation ($1) a package mirror of its own, so that apt-get works inside without any network. Runs on the host.
# $MIRROR_PACKAGES: what must be installable.
set -eu
root=$1
mirror=$root/srv/mirror
export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"

# Debian 13 has the docker CLI in a package of its own.
[ -z "$(apt-cache search --names-only '^docker-cli$')" ] || MIRROR_PACKAGES="$MIRROR_PACKAGES docker-cli"

# Their libraries are installed right now: a test waits for five packages, not for a hundred. Not those that would be at work in
# every boot, nor Docker's own.
wanted=$(echo "$MIRROR_PACKAGES avahi-daemon containerd runc" | tr ' ' '\n')
# shellcheck disable=SC2086 # a list of names
libraries=$(apt-get install --simulate --no-install-recommends $MIRROR_PACKAGES | sed -n 's/^Inst \([^ ]*\) .*/\1/p' | grep -vxF "$wanted")
# shellcheck disable=SC2086
chroot "$root" apt-get install --yes --no-install-recommends $libraries
chroot "$root" apt-get clean

mkdir -p "$mirror/partial"
# shellcheck disable=SC2086
apt-get --yes --download-only --no-install-recommends -o Dir::Cache::archives="$mirror" install $MIRROR_PACKAGES
rm -rf "$mirror/partial" "$mirror/lock"
# Debian packs them with xz: each test that installs Docker would be at it for seconds.
for deb in "$mirror"/*.deb; do
  work=$(mktemp -d)
  dpkg-deb --raw-extract "$deb" "$work/package"
  dpkg-deb -Zzstd -z1 --build "$work/package" "$deb" > /dev/null
  rm -rf "$work"
done

# Desktops are hundreds of megabytes; what a provisioning script needs of them are names and units.
stub() {
  name=$1 depends=$2 unit=$3
  work=$(mktemp -d)
  mkdir -p "$work/DEBIAN" "$work/lib/systemd/system"
  cat > "$work/DEBIAN/control" <<CONTROL
Package: $name
Version: 1.0-standin
Architecture: all
Maintainer: nobody <nobody@localhost>
Description: stand-in for $name
CONTROL
  [ -z "$depends" ] || echo "Depends: $depends" >> "$work/DEBIAN/control"
  if [ -n "$unit" ]; then
    printf '[Unit]\nDescription=stand-in for %s\n[Service]\nExecStart=/bin/sleep infinity\n[Install]\n%s\n' \
      "$name" "$4" > "$work/lib/systemd/system/$unit.service"
  fi
  dpkg-deb --root-owner-group --build "$work" "$mirror/${name}_1.0-standin_all.deb" > /dev/null
  rm -rf "$work"
}
stub network-manager '' NetworkManager 'WantedBy=multi-user.target'
for manager in gdm3 lightdm sddm; do
  stub "$manager" '' "$manager" 'Alias=display-manager.service'
done
stub ubuntu-desktop 'network-manager, gdm3' ''
stub xubuntu-desktop 'network-manager, lightdm' ''
stub lubuntu-desktop 'network-manager, sddm' ''

cd "$mirror"
for deb in *.deb; do
  dpkg-deb --field "$deb"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
done > Packages
rm -f "$root/etc/apt/sources.list" "$root"/etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/srv/mirror ./' > "$root/etc/apt/sources.list.d/mirror.list"
# Settings of the build machine's apt, such as its proxy.
rm -f "$root/etc/apt/apt.conf.d/99mmdebstrap"
