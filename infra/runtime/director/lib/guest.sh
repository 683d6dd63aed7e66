# Where a guest and its container meet. Sourced by both.

card=eth0
outer_card=hs0 inner_card=hs1
# Link-local (RFC 3927): of this pair of cards alone.
outer_address=169.254.77.1 inner_address=169.254.77.2
control_port=9101 desired_port=9102 command_port=9103
# For the kernel, nginx, keepalived and a table of some 100,000 connections (about 300 bytes each).
guest_memory=160M
# Files that both see; in the container's own layer.
guest_folder=/var/lib/hotspare-guest

# Whether this is the guest.
is_guest() { grep -q '^vendor_id.*User Mode Linux' /proc/cpuinfo; }

# Runs a command in the guest, and waits for one that is just booting: its output as it comes, then its errors, and its exit code.
in_guest() { # command…
  local folder code
  folder=$(mktemp -d "$guest_folder/command.XXXXXX") || return 125
  printf '%s\0' "$@" > "$folder/arguments"
  { printf '%s\n' "$folder"; cat; } | socat -t 900 - "TCP:$inner_address:$command_port,connect-timeout=1,retry=60,interval=0.2" 2>/dev/null
  cat "$folder/errors" >&2 2>/dev/null
  code=$(cat "$folder/code" 2>/dev/null)
  rm -rf "$folder"
  return "${code:-125}"
}
