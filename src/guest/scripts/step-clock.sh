#!/bin/sh
# Installed by rusta. Sets the clock of this VM: Macs sleep, and their guests do not notice.
#   step-clock <seconds since 1970>   by the clock of the Mac
#   step-clock                        by the hardware clock, which the Mac keeps right
set -eu
hardware=/sys/class/rtc/rtc0/since_epoch
# What the Mac said is some seconds old by now: a clock that is a little ahead of it is right.
allowed=30
if [ $# -gt 0 ]; then
  now=$1
elif [ -r "$hardware" ]; then
  now=$(cat "$hardware")
  allowed=2
else
  exit 0
fi
behind=$((now - $(date +%s)))
if [ "$behind" -le 2 ] && [ "$behind" -ge "-$allowed" ]; then
  exit 0
fi
if date -s "@$now" > /dev/null; then
  echo "The clock was off by ${behind#-} s and is right now"
else
  echo "The clock is off by ${behind#-} s and cannot be set" >&2
  exit 1
fi
