# shellcheck shell=bash
# shellcheck disable=SC2034 # the constants stand before it
# All that is left to do is to rename: a lost connection stops it neither here nor there.
set -eu
trap '' HUP PIPE
# However it ends, no copy of a private key stays beside the others.
trap 'rm -rf -- "$HOME/${KEYS_FOLDER:?}"' EXIT

# Public keys 644, all else 600. (spec 4.10)
mode_of() {
  case "$1" in
    *.pub) echo 644 ;;
    *) echo 600 ;;
  esac
}

# A free name for a file of the guest's own, which stays a pair with its public half.
kept_name() {
  local name="$1" stem="$1.guest" ending='' number=1 kept
  case "$name" in
    *.pub) stem="${name%.pub}.guest" ending='.pub' ;;
  esac
  kept="$stem$ending"
  while [ -e "$KEYS_HOME/$kept" ] && ! cmp -s -- "$KEYS_HOME/$kept" "$KEYS_HOME/$name"; do
    number=$((number + 1))
    kept="$stem-$number$ending"
  done
  echo "$kept"
}

readonly KEYS_HOME="$HOME/.ssh"
cd "$HOME/$KEYS_FOLDER"
for name in "${KEYS[@]}"; do
  chmod "$(mode_of "$name")" -- "$name"
  if [ -d "$KEYS_HOME/$name" ]; then
    echo "$KEYS_HOME/$name is a folder" >&2
    exit 1
  fi
done
for name in "${KEYS[@]}"; do
  if [ -f "$KEYS_HOME/$name" ] && ! cmp -s -- "$name" "$KEYS_HOME/$name"; then
    kept="$(kept_name "$name")"
    mv -f -- "$KEYS_HOME/$name" "$KEYS_HOME/$kept"
    echo "kept $name as $kept"
  fi
  mv -f -- "$name" "$KEYS_HOME/$name"
done
cd "$HOME"
chmod 700 "$KEYS_HOME"
