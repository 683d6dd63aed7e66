# Runs in a balancer during a drill, by bash: tells who has the virtual address and what nginx thinks of its members.
#   h <time> <0|1>   whether the kernel counts the address as its own: at every change, and as a sign of life
#   s <time> <json>  GET /status, ten times a second, while nginx answers
# Forks nothing, since it must not cost what is being measured. Its input is its clock and its end: it waits on it for 20 ms
# a round, and stops when it is closed.
address=$1 last= beat=0 round=0
while :; do
  mapfile -t lines < /proc/net/fib_trie
  text="${lines[*]}"
  if [[ $text =~ \|--\ ${address//./\\.}\ +/32\ host\ LOCAL ]]; then holds=1; else holds=0; fi
  if [ "$holds" != "$last" ] || [ "$beat" -ge 5 ]; then
    echo "h $EPOCHREALTIME $holds"
    last=$holds beat=0
  fi
  if [ $((round % 5)) -eq 0 ] && { exec 3<>/dev/tcp/127.0.0.1/9180; } 2>/dev/null; then
    printf 'GET /status HTTP/1.0\r\n\r\n' >&3
    body=
    while IFS= read -r -t 0.3 -u 3 line; do body=$line; done
    [[ $body == '{'* ]] && echo "s $EPOCHREALTIME $body"
    exec 3>&-
  fi
  beat=$((beat + 1)) round=$((round + 1))
  read -r -t 0.02
  [ $? -gt 128 ] || exit 0
done
