# Runs in a balancer during a drill, by bash: tells what nginx thinks of its members.
#   s <time> <json>  GET /status, ten times a second, while nginx answers
# Forks nothing, since it must not cost what is being measured. Its input is its clock and its end: it waits on it for 100 ms a
# round, and stops when it is closed.
while :; do
  if { exec 3<>/dev/tcp/127.0.0.1/9180; } 2>/dev/null; then
    printf 'GET /status HTTP/1.0\r\n\r\n' >&3
    # By number, until the end: a line is read from a socket byte by byte, by a system call each. Above 128 the time was up.
    IFS= read -r -N 4194304 -t 0.3 -u 3 answer
    [ $? -gt 128 ] && answer=
    body=${answer#*$'\r\n\r\n'}
    [[ $body == '{'* ]] && echo "s $EPOCHREALTIME ${body%$'\n'}"
    exec 3>&-
  fi
  read -r -t 0.1
  [ $? -gt 128 ] || exit 0
done
