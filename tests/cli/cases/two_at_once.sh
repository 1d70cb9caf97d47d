# Two processes on the same video and platform: one uploads, the other is told who is at it.
start_practice
asfs register "$CLIPS/big.mp4" > /dev/null
fault '{"platform":"YouTube","kind":"stall","at_byte":200000,"seconds":60}'
"$ASFS" --home lib --practice "$PRACTICE" upload big YouTube > one.out 2>&1 &
await_bytes 100000
code asfs --practice "$PRACTICE" upload big YouTube
curl -sf -X DELETE "$PRACTICE/practice/faults" > /dev/null
wait $!
cat one.out
posts | wc -l
