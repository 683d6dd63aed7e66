# Shared by the hotspare-* scripts of the balancer. Sourced, never run.
#
# In the volume (survives a replaced container):
#   incoming/      what was delivered and not tested yet
#   generations/N/ a tested set of files: nginx.conf, keepalived.conf, firewall.nft, tls/…; root's alone
#   current        -> generations/N, changed by one rename, so that there is never half a set
#   previous       -> the set before
#   state/         what a running nginx may write: members.json, operator.json, overlay.json, lease.json
# In /run/hotspare, which the warden's container sees too:
#   control.sock (reading, and the warden's overlay), nginx.pid, keepalived.pid, fault (0 or 1), vrrp, *.loaded (fingerprint of what runs)
#   front (the clients' address behind directors, else an empty line)
#   leaving, leaving.conf (while the address is with a peer for a reload, see leave.sh)
# In /run/hotspare-desired, root's alone: control.sock, which takes members, lease and the operator's document too

state=/var/lib/hotspare
run=/run/hotspare
current=$state/current
members=$state/state/members.json
control=$run/control.sock
desired=/run/hotspare-desired/control.sock
lua=/usr/lib/hotspare/lua

say() { printf 'hotspare: %s\n' "$*" >&2; }

# Sends a signal to this balancer's own processes of a name: on a server others may have some of that name.
kill_own() { # signal name
  local pid own
  own=$(cat /proc/self/cgroup)
  for pid in $(pgrep -x "$2"); do
    [ "$(cat "/proc/$pid/cgroup" 2>/dev/null)" = "$own" ] && kill -"$1" "$pid"
  done
}

# Whether the members are there, as a file: nginx's workers may write to that folder, and one that was taken over may have put a link
# there, which would be followed, or a pipe, which would be waited for.
has_members() { [ -f "$members" ] && [ ! -L "$members" ]; }

# True when the files of a first delivery are all there.
complete() { [ -f "$current/nginx.conf" ] && [ -f "$current/keepalived.conf" ] && has_members; }

# Names of the files that a first delivery still lacks.
missing() {
  [ -f "$current/nginx.conf" ] || echo nginx.conf
  [ -f "$current/keepalived.conf" ] || echo keepalived.conf
  has_members || echo members.json
}

nginx_fingerprint() { (cd "$1" && find nginx.conf tls -type f 2>/dev/null | LC_ALL=C sort | xargs -r sha256sum) | sha256sum; }
keepalived_fingerprint() { sha256sum < "$1/keepalived.conf"; }

firewall_fingerprint() { sha256sum < "$1/firewall.nft"; }

# Whether this kernel has nf_tables. Without it a balancer serves unprotected: better than not at all.
has_firewall() { nft list tables >/dev/null 2>&1; }

# The firewall of the files that run; nothing when it is loaded already, or there is none in them.
load_firewall() {
  [ -f "$current/firewall.nft" ] || return 1
  [ "$(firewall_fingerprint "$current")" != "$(cat "$run/firewall.loaded" 2>/dev/null)" ] || return 1
  if ! has_firewall; then
    say "this kernel has no nf_tables: connections per address are not limited, and VRRP is protected by keepalived alone"
    return 1
  fi
  nft -f "$current/firewall.nft" && firewall_fingerprint "$current" > "$run/firewall.loaded"
}

ask() { curl --silent --fail --max-time 2 --unix-socket "$control" "http://control$1"; }

# Number of the configuration that nginx runs; nothing when it doesn't answer.
running_generation() { ask /status | sed -n 's/.*"generation":\([0-9]*\).*/\1/p'; }

# The networks that members may be in, by an nginx.conf.
members_in() { sed -n 's/.*members_in = "\([^"]*\)".*/\1/p' "$1" 2>/dev/null; }

# The virtual addresses of a configuration, one a line: "10.0.0.10/32 eth0". keepalived.conf names them in a comment.
virtual_addresses() { sed -n 's/^# hotspare:virtual-address //p' "$current/keepalived.conf" 2>/dev/null; }

# Behind directors: the clients' address, which no card but the loopback has, and how many questions of each director must hear that this
# one leaves before it sends nothing new. Nothing where one of the balancers has that address.
front() { sed -n 's/^# hotspare:front //p' "$current/keepalived.conf" 2>/dev/null; }

directors() { sed -n 's/^# hotspare:director //p' "$current/keepalived.conf" 2>/dev/null; }

# Waits until each director has heard of it, for at most three seconds (one that is down never asks), and a moment for their tables.
directors_know() { # questions of each
  local told by until=$((SECONDS + 3))
  by=$(directors | paste -sd, -)
  until [ "$SECONDS" -gt "$until" ]; do
    told=$(curl --silent --max-time 1 --unix-socket "$desired" "http://control/leaving?by=$by" | sed -n 's/.*"told":\([0-9]*\).*/\1/p')
    [ "${told:-0}" -lt "$1" ] || break
    sleep 0.05
  done
  sleep 0.25
}

# Notes the clients' address where directors are in front; an empty line where there are none, and it is this machine's no more.
note_front() {
  local address=
  read -r address _ < <(front)
  printf '%s\n' "$address" > "$run/front"
}

peers() { sed -n 's/^# hotspare:peer //p' "$current/keepalived.conf" 2>/dev/null; }

# Whether a peer's nginx answers: a keepalived whose nginx doesn't never takes the address. TRACE is refused by nginx itself. 1: one is
# silent, 2: all refuse (curl's 7), or there is none.
peer_answers() {
  local address port silent=2
  while read -r address port; do
    curl --silent --output /dev/null --max-time 0.5 --request TRACE "http://$address:$port/" && return 0
    [ $? = 7 ] || silent=1
  done < <(peers)
  return "$silent"
}

# True while a reload keeps the virtual address away from this machine: until a moment on the machine's own clock, so that
# whoever asked for it may die.
leaving() {
  local until now
  read -r until < "$run/leaving" && IFS=. read -r now _ < /proc/uptime && [ "$now" -lt "$until" ]
} 2>/dev/null

# Keeps the virtual addresses on the loopback card as well, whoever has them now. When keepalived takes one from the
# network card, connections over it would lose their own address: requests under way could never be answered. This way
# they end well here while new ones go to the peer. Only where the kernel doesn't answer ARP for what stands on another
# card (sysctls net.ipv4.conf.all.arp_ignore=1 and arp_announce=2, set with the container): else two would claim it.
keep_virtual_addresses() {
  [ "$(cat /proc/sys/net/ipv4/conf/all/arp_ignore)" -ge 1 ] || return 0
  [ "$(cat /proc/sys/net/ipv4/conf/all/arp_announce)" -ge 2 ] || return 0
  { virtual_addresses; front; } | while read -r address _; do
    ip address add "$address" dev lo 2>/dev/null
  done
  return 0
}

# Development only: a certificate of this balancer's own, when the configuration names one. Made again when its names
# change or it is about to expire.
ensure_self_signed() {
  local tls=$1/tls names first alternatives
  grep -q 'tls/self-signed\.crt' "$1/nginx.conf" 2>/dev/null || return 0
  names=$tls/self-signed.names
  [ -s "$names" ] || { say "tls/self-signed.names is missing: it lists the certificate's names"; return 1; }
  if cmp -s "$names" "$tls/self-signed.made-for" &&
    openssl x509 -noout -checkend 2592000 -in "$tls/self-signed.crt" >/dev/null 2>&1; then
    return 0
  fi
  first=$(head -n 1 "$names")
  alternatives=$(sed -E '/^$/d; s/^([0-9]+\.){3}[0-9]+$/IP:&/; t; s/^/DNS:/' "$names" | paste -sd, -)
  (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 397 -subj "/CN=$first" \
    -addext "subjectAltName=$alternatives" -keyout "$tls/self-signed.key" -out "$tls/self-signed.crt" 2>/dev/null) ||
    { say "openssl refused the names in tls/self-signed.names: $alternatives"; return 1; }
  cp "$names" "$tls/self-signed.made-for"
}
