# Without a connection nothing is lost: uploads stay pending, use up no retry, and go on when it is back.
start_practice
run() { asfs --practice "$PRACTICE" "$@" 2>&1 | sed -uE 's/\(.*cannot reach.*\)/(CANNOT REACH IT)/; s/cannot reach.*/CANNOT REACH IT/'; }
asfs register "$CLIPS/first.mp4" "$CLIPS/second.mp4" > /dev/null
mkdir -p lib/config
echo '{"upload": {"backoff_first_ms": 1, "backoff_max_ms": 2}}' > lib/config/platforms.json
kill $(cat practice.pid)
wait
for _ in 1 2 3 4 5; do run upload first YouTube; done
run --json status first YouTube | grep -E '"status"|retry'
run upload --all-pending --platform YouTube --jobs 1
run upload --all-pending --platform YouTube --wait > waiting.out &
until grep -qs "offline since" waiting.out; do sleep 0.1; done
run queue
"$ASFS" practice --port "${PRACTICE##*:}" --dir practice-data > practice.url 2> /dev/null &
echo $! > practice.pid
wait %1
sed -E 's/[A-Za-z0-9_-]{11}$/POSTID/' waiting.out
posts
