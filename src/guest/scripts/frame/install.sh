# shellcheck shell=bash
# shellcheck disable=SC2034 # other parts read what is set here
APT_TOOL=apt-get

install_packages() {
  local try code
  start_unsafe_io
  for try in 1 2 3; do
    if [ "$try" -gt 1 ]; then
      sleep 1
      finish_installations
      update_lists || true
    fi
    take_downloads
    code=0
    if [ "$APT_TOOL" = apt-fast ] && apt-fast "${APT_OPTIONS[@]}" install "$@"; then
      return 0
    fi
    apt-get "${APT_OPTIONS[@]}" install "$@" || code=$?
    if [ "$code" -eq 0 ]; then
      return 0
    fi
  done
  return "$code"
}

# All packages are downloaded while the first of them are installed. Without locks, as it changes nothing but its own folder.
download_pid=''
start_downloads() {
  mkdir -p "$DOWNLOADS"
  "$APT_GET" --download-only "${APT_OPTIONS[@]}" -o Debug::NoLocking=true -o "Dir::Cache::archives=$DOWNLOADS" install \
    "${ALL_PACKAGES[@]}" > /dev/null 2>&1 &
  download_pid=$!
}

take_downloads() {
  local package
  for package in "$DOWNLOADS"/*.deb; do
    # What is not taken is downloaded again.
    [ ! -e "$package" ] || ln -f "$package" "$ARCHIVES" || true
  done
}

stop_downloads() {
  if [ -n "$download_pid" ]; then
    kill "$download_pid" 2> /dev/null || true
    wait "$download_pid" 2> /dev/null || true
    download_pid=''
  fi
  take_downloads
  rm -rf "$DOWNLOADS"
}
