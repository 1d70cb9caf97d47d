# Killed in the middle: the next run goes on from where the platform says, and there is one post.
start_practice
asfs register "$CLIPS/big.mp4" > /dev/null
fault '{"platform":"YouTube","kind":"slow","bytes_per_second":600000}'
("$ASFS" --home lib --practice "$PRACTICE" upload big YouTube > /dev/null 2>&1 & echo $! > upload.pid)
await_bytes 300000
kill -9 "$(cat upload.pid)"
while kill -0 "$(cat upload.pid)" 2> /dev/null; do sleep 0.01; done
asfs --practice "$PRACTICE" status big YouTube --json | grep '"status"'
posts
code asfs --practice "$PRACTICE" upload big YouTube
posts | wc -l
curl -s "$PRACTICE/practice/sessions" | python3 -c 'import json,sys; print("sessions:", len(json.load(sys.stdin)))'
asfs verify
