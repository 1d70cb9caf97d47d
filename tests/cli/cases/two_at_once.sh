# Two processes on the same video and platform: one uploads, the other is told who is at it.
start_practice
asfs register "$CLIPS/big.mp4" > /dev/null
fault '{"platform":"YouTube","kind":"slow","bytes_per_second":8000000}'
"$ASFS" --home lib --practice "$PRACTICE" upload big YouTube > one.out 2>&1 &
await_bytes 100000
code asfs --practice "$PRACTICE" upload big YouTube
wait $!
cat one.out
posts | wc -l
