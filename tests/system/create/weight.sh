# shellcheck shell=sh
# Fills <folder>, a repository, with a package for each of the larger libraries that <base> has installed already: the same files, in another place.
# Beside them a spice-webdavd that needs them, for that of <base>'s mirror.
#   weight.sh <base> <folder>
set -eu
base=$1 folder=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pack() { # <folder> <package>
  # What a distribution packs is smaller, and takes longer to unpack.
  dpkg-deb --root-owner-group -Zgzip -z1 --build "$1" "$folder/$2.deb" > /dev/null
}

needs=''
# Patterns, for names change with the release.
for library in adwaita-icon-theme libgtk-3-common 'libgtk-3-0*' 'libicu[0-9]*' xkb-data shared-mime-info 'libglib2.0-0*' \
  fonts-dejavu-core 'libharfbuzz0b*' libgdk-pixbuf2.0-common git-man 'libxml2*' libx11-data 'libx11-6*' 'libepoxy0*' \
  at-spi2-common 'libcairo2*' 'libasound2*' 'libpixman-1-0*' 'libfreetype6*'; do
  # shellcheck disable=SC2086
  for list in "$base"/var/lib/dpkg/info/$library.list; do
    [ -e "$list" ] || continue
    name=weight-$(basename "$list" .list | sed 's/:.*//')
    mkdir -p "$work/$name/DEBIAN" "$work/$name/usr/share/$name"
    printf 'Package: %s\nVersion: 1.0\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: for a test\n' "$name" \
      > "$work/$name/DEBIAN/control"
    sed 's,^/,,' "$list" | tar -C "$base" --no-recursion --files-from=- -c | tar -C "$work/$name/usr/share/$name" -x
    pack "$work/$name" "$name"
    needs="$needs, $name"
  done
done
dpkg-deb --raw-extract "$base"/srv/mirror/spice-webdavd_*.deb "$work/needing"
sed -i -e 's/^Version: .*/&+weight/' -e "s/^Depends: .*/&$needs/" "$work/needing/DEBIAN/control"
pack "$work/needing" spice-webdavd

cd "$folder"
for deb in *.deb; do
  dpkg-deb --field "$deb"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
done > Packages
