# Sourced by hotspare-apply. A reload ends the connections that clients keep, and a listener that changes ends those that
# wait in its queue. So the one who holds the virtual address gives it to a peer first:
#
#   1. answers ask clients to end their connections (Lua), since the peer won't know them
#   2. nginx is loaded again as it is, with no keep-alive: idle connections end, HTTP/2 ones by GOAWAY
#   3. what is under way ends, the address moves, and whoever has it now is asked for
#
# The reload itself comes then, and rejoin offers this machine again. Without a well peer, or where none takes the address, the first
# step alone: then the reload finds hardly anybody on a kept connection.
#
# The address must never move, and nginx never reload, with clients on kept connections that nobody has told: all of these are lost at
# once. On a starved machine a single question may go unanswered for a second, so each is asked for longer than such a pause.

# Seconds after which this machine is offered again, whatever has become of hotspare-apply.
leave_at_most=30
leave_config=$run/leaving.conf
did_address=none
without_keep_alive=
told=

# Whether a peer could have the address. A silent one is asked again for a while; one that refuses is not.
well_peer() {
  local until=$((SECONDS + 3))
  until [ "$SECONDS" -gt "$until" ]; do
    peer_answers && return 0
    [ $? = 1 ] || return 1
  done
  return 1
}

holds_address() {
  local address interface
  while read -r address interface; do
    ip -4 -oneline address show dev "$interface" | grep -qF " $address " && return 0
  done < <(virtual_addresses)
  return 1
}

# Whether another machine answers for every virtual address. Asked by ARP, since a packet to it would end at the copy on our
# own loopback card.
elsewhere() {
  local address interface
  while read -r address interface; do
    ip neighbour replace "${address%/*}" dev "$interface" use && sleep 0.01
    ip neighbour show to "${address%/*}" dev "$interface" | grep -q lladdr && continue
    # The kernel would ask again only after a second.
    forget_neighbours
    return 1
  done < <(virtual_addresses)
}

forget_neighbours() {
  local address interface
  virtual_addresses | while read -r address interface; do ip neighbour flush to "${address%/*}" dev "$interface"; done
}

within() { # milliseconds test command…
  local until=$((${EPOCHREALTIME/[.,]/} / 1000 + $1))
  shift
  until "$@"; do
    [ $((${EPOCHREALTIME/[.,]/} / 1000)) -lt "$until" ] || return 1
    sleep 0.02
  done
}

tell_clients() { # method [body]
  curl --silent --fail --output /dev/null --max-time 2 --unix-socket "$desired" --request "$1" ${2+--data-binary "$2"} \
    http://control/leaving
}

old_workers_ended() { ! pgrep -f '^nginx: worker process is shutting down' >/dev/null; }

# Has clients end their connections; half a second later those at work have come again on new ones. Asked again for longer than
# a starved machine keeps a program from its processor.
tell_all() {
  within 5000 tell_clients PUT '{"seconds":'"$leave_at_most"'}' && sleep 0.5
}

end_kept_connections() {
  echo 'keepalive_timeout 0;' > "$leave_config"
  without_keep_alive=1
  reload_and_wait
  within 2000 old_workers_ended
}

load_with_keep_alive() {
  rm -f "$leave_config"
  reload_and_wait && without_keep_alive=
}

# Behind directors every balancer has clients. They go elsewhere with their next connection once the directors know.
leave_directors() {
  local questions
  read -r _ questions < <(front)
  told=1
  tell_all || { say "nginx can't be asked to end kept connections"; return; }
  directors_know "$questions"
  end_kept_connections
}

# Gives the virtual address to a peer, where this machine has it and a peer is well.
leave() {
  local now
  if [ -n "$(front)" ]; then leave_directors; fi
  holds_address || return 0
  # A director's nginx has no clients: its kernel forwards, whatever nginx does.
  [ ! -e "$run/director" ] || return 0
  told=1
  if ! tell_all; then
    say "nginx can't be asked to end kept connections, so the virtual address stays here"
    return
  fi
  well_peer || return 0
  end_kept_connections
  IFS=. read -r now _ < /proc/uptime
  echo $((now + leave_at_most)) > "$run/leaving"
  forget_neighbours
  echo 1 > "$run/fault"
  if within 2000 elsewhere; then
    did_address=moved
  else
    # With no keep-alive until the reload that is to come: whoever kept a connection anew would lose it there.
    say "no peer has taken the virtual address; it comes back here"
    offer_again
  fi
}

offer_again() {
  rm -f "$run/leaving"
  [ -z "$(running_generation)" ] || echo 0 > "$run/fault"
}

# Offers this machine for the address again. Safe at any time.
rejoin() {
  [ -n "$told" ] || [ -e "$run/leaving" ] || [ -e "$leave_config" ] || [ -n "$without_keep_alive" ] || return 0
  tell_clients DELETE
  told=
  # Unless the reload was the end of that: nginx must not stay without keep-alive.
  if [ -e "$leave_config" ] || [ -n "$without_keep_alive" ]; then load_with_keep_alive; fi
  offer_again
}
