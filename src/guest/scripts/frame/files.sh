# shellcheck shell=bash
# Writes its input to a file, whole or not at all; one that is right already is not touched.
put_file() { # <mode> <path>
  mkdir -p "${2%/*}"
  cat > "$2.new"
  chmod "$1" "$2.new"
  if cmp -s "$2.new" "$2"; then
    rm -f "$2.new"
  else
    mv -f "$2.new" "$2"
  fi
}
