#!/bin/sh
# Plays programs that are started again and again and have little to do, in a fifth of the time that the stand-in takes to start:
# writes down the call as the stand-in does, and answers. What is not plain, and what a fault is set for, is left to the stand-in.
name=${0##*/}
standin=@PLAYED@/$name
program=${GUEST_ROOT:+guest:}$name

# One line, without an end.
read -r knobs < "$SANDBOX/knobs.json"
case $knobs in *"\"program\":\"$program\""*) exec "$standin" "$@" ;; esac
if [ -n "${SANDBOX_UNSEEN-}" ]; then exec "$standin" "$@"; fi

answer='' code=0 become=''
case "$program $*" in
  'uname -m') case $knobs in *'"machine":"arm64"'*) answer=arm64 ;; *) exec "$standin" "$@" ;; esac ;;
  uname*) exec "$standin" "$@" ;;
  guest:systemctl*tart-guest-agent* | guest:systemctl*gdm3* | guest:systemctl*lightdm* | guest:systemctl*sddm*) exec "$standin" "$@" ;;
  'guest:systemctl stop '* | 'guest:systemctl start '* | 'guest:systemctl restart '* | 'guest:systemctl enable '*) ;;
  'guest:systemctl disable '* | 'guest:systemctl daemon-reload') ;;
  guest:systemctl*) exec "$standin" "$@" ;;
  guest:fuser*)
    for file; do if [ -e "$file.held" ]; then exec "$standin" "$@"; fi; done
    code=1
    ;;
  guest:hostname*) read -r answer < "$GUEST_ROOT/etc/hostname" ;;
  'guest:dpkg '*' --configure -a') ;;
  guest:apt-get*' --download-only '*) ;;
  guest:apt-get*' install '*) exec "$standin" "$@" ;;
  guest:apt-get*' update') answer='Hit:1 http://ports.ubuntu.com/ubuntu-ports noble InRelease
Reading package lists...' ;;
  guest:dpkg* | guest:apt-get*) exec "$standin" "$@" ;;
  guest:timeout*)
    # Paths have to be mapped.
    case " $*" in *' /'* | *'=/'*) exec "$standin" "$@" ;; esac
    if [ -x /usr/bin/timeout ]; then become=/usr/bin/timeout; else exec "$standin" "$@"; fi
    ;;
  'guest:mktemp -d') answer=$(/usr/bin/mktemp -d "$TMPDIR/tmp.XXXXXXXXXX" 2> /dev/null) || exec "$standin" "$@" ;;
  guest:mktemp*)
    # What is neither this folder nor a file in the guest takes options, or a path that has to be mapped.
    case $# in 1) ;; *) exec "$standin" "$@" ;; esac
    case $1 in "$GUEST_ROOT/"*) ;; *) exec "$standin" "$@" ;; esac
    answer=$(/usr/bin/mktemp "$1" 2> /dev/null) || exec "$standin" "$@"
    ;;
  'guest:date +'*) if [ -x /bin/date ]; then become=/bin/date; else exec "$standin" "$@"; fi ;;
  guest:date*) exec "$standin" "$@" ;;
  'guest:ip -4 route show default' | 'guest:ip -4 -o addr show scope global')
    case $knobs in *'"docker0":true'*) exec "$standin" "$@" ;; esac
    for machine in "$SANDBOX"/machines/*; do
      pid='' address=''
      # Both without an end of line.
      if [ -e "$machine/pid" ]; then read -r pid < "$machine/pid"; fi
      if [ "$pid" != "$GUEST_MACHINE" ]; then continue; fi
      if [ -e "$machine/dhcp" ]; then read -r address < "$machine/dhcp"; fi
      break
    done
    case "${address:+$*}" in
      '') ;;
      *route*) answer='default via 192.168.64.1 dev enp0s1 proto dhcp src 192.168.64.2 metric 100' ;;
      *) answer="2: enp0s1    inet $address/24 metric 100 brd 192.168.64.255 scope global dynamic enp0s1\\       valid_lft 86000sec" ;;
    esac
    ;;
  guest:ip*) exec "$standin" "$@" ;;
esac

# Adds "$2", named "$1" if that is not empty, to a list in JSON; false where that takes escapes.
list=''
add() {
  case $2 in *[!A-Za-z0-9\ _./:=@%+,-]*) return 1 ;; esac
  list=$list${list:+,}${1:+\"$1\":}\"$2\"
}
# As somebody in the guest would have written them.
for word; do
  if [ -n "${GUEST_ROOT-}" ]; then word=${word#"$GUEST_ROOT"}; fi
  case $word in *"${GUEST_ROOT:-$standin}"* | *"${standin%/.played/*}"*) exec "$standin" "$@" ;; esac
  add '' "$word" || exec "$standin" "$@"
done
words=$list list='' value='' is_set=''
for variable in SSHPASS CI TERM HOMEBREW_NO_AUTO_UPDATE DEBIAN_FRONTEND TART_HOME TART_NO_AUTO_PRUNE; do
  eval "value=\${$variable-} is_set=\${$variable+1}"
  if [ -n "$is_set" ]; then add "$variable" "$value" || exec "$standin" "$@"; fi
done

printf '{"program":"%s","args":[%s],"pid":%s,"env":{%s}}\n' "$program" "$words" $$ "$list" >> "$SANDBOX/calls.jsonl"
if [ -n "$become" ]; then exec "$become" "$@"; fi
if [ -n "$answer" ]; then printf '%s\n' "$answer"; fi
exit "$code"
