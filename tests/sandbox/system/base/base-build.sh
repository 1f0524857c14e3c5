# shellcheck shell=sh
# Builds the base image <base> as <base>.partial and puts it in place complete, unless whoever held the lock before us has done it.
#   base-build.sh <base> <arguments of mmdebstrap, which name <base>.partial as target…>
set -eu
base=$1
shift
[ ! -e "$base" ] || exit 0
rm -rf "$base.partial"
mmdebstrap --mode=root --format=directory --variant=minbase "$@"
mv "$base.partial" "$base"
