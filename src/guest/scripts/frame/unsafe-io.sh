# shellcheck shell=bash
# dpkg waits for the disk after each file, which is much of the time of an installation. Here it leaves that out
# (--force-unsafe-io): all is written at the end, also after a failure. If the power goes before that, what was unpacked since
# the mark may be empty files, and is installed anew.
cut_off=''
if [ -e "$UNSAFE_MARK" ]; then
  cut_off="$(find /var/lib/dpkg/info -name '*.list' -newer "$UNSAFE_MARK" | sed 's#.*/##; s/\.list$//')"
fi

start_unsafe_io() {
  if [ ! -e "$UNSAFE_MARK" ]; then
    mkdir -p "${UNSAFE_MARK%/*}"
    : > "$UNSAFE_MARK"
    sync "$UNSAFE_MARK" "${UNSAFE_MARK%/*}"
  fi
}

end_unsafe_io() {
  if [ -e "$UNSAFE_MARK" ]; then
    sync
    rm -f "$UNSAFE_MARK"
  fi
}

install_anew_what_was_cut_off() {
  local package file sum packages=()
  for package in $cut_off; do
    # shellcheck disable=SC2016 # a field of dpkg-query
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2> /dev/null)" = installed ]; then
      packages+=("$package")
    fi
  done
  if [ "${#packages[@]}" -eq 0 ]; then
    return 0
  fi
  # dpkg would take an empty file of settings for its owner's wish.
  # shellcheck disable=SC2016 # a field of dpkg-query
  dpkg-query -W -f='${Conffiles}\n' "${packages[@]}" | while read -r file sum _; do
    if [ -f "$file" ] && [ ! -s "$file" ] && [ "$sum" != "$MD5_OF_NOTHING" ]; then
      rm -f "$file"
    fi
  done
  apt-get "${APT_OPTIONS[@]}" -o Dpkg::Options::=--force-confmiss --reinstall install "${packages[@]}"
  cut_off=''
}
