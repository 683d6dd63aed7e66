# Runs in a balancer during a drill, by bash: puts one members document after the other on the socket for what is desired, as
# `up` does, and tells of each `c <time> <seconds that it took> <status>`. Ends when its input is closed, or with the last one.
changes=$1 pause=$2 documents=(/var/lib/hotspare/hotspare-members-*.json)
for ((i = 0; i < changes; i++)); do
  file=${documents[i % ${#documents[@]}]}
  told=$(curl --silent --output /dev/null --max-time 5 --unix-socket /run/hotspare-desired/control.sock \
    --write-out '%{time_total} %{http_code}' --upload-file "$file" http://control/members)
  echo "c $EPOCHREALTIME $told"
  read -r -t "$pause"
  [ $? -gt 128 ] || exit 0
done
