# shellcheck shell=bash
# The Mac's proxies hold for this run alone. They may hold a password: from here on they are in the environment, and nowhere else.

# Programs disagree about which spelling they read.
export_both() { # <name in lower case> <name in upper case> <value>
  export "$1=$3" "$2=$3"
}

use_proxy() { # <name in lower case> <name in upper case> <host> <port> <URL>
  local host="$3" url="$5"
  if [ "$host" = "$MAC_ITSELF" ]; then
    host="$(ip -4 route show default | sed -n '1s/^default via \([0-9.]*\).*/\1/p')"
    url="${url/"$MAC_ITSELF"/$host}"
  fi
  # shellcheck disable=SC2016 # for the shell that is started
  if timeout 5 bash -c 'exec 3<> "/dev/tcp/$1/$2"' - "$host" "$4" 2> /dev/null; then
    export_both "$1" "$2" "$url"
  elif [ "$3" = "$MAC_ITSELF" ]; then
    echo ">>> Warning: the proxy of this Mac at port $4 ($1) does not answer the guest, which goes on without it: it may listen on 127.0.0.1 alone"
  else
    echo ">>> Warning: the proxy $host:$4 ($1) does not answer the guest, which goes on without it"
  fi
}

for ((field = 0; field < ${#MAC_PROXIES[@]}; field += 5)); do
  use_proxy "${MAC_PROXIES[@]:field:5}"
done
if [ -n "${https_proxy-}${http_proxy-}" ] && [ -n "$MAC_NO_PROXY" ]; then
  export_both no_proxy NO_PROXY "$MAC_NO_PROXY"
fi
