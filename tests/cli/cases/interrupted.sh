# Ctrl-C leaves the upload where the next run resumes it.
start_practice
asfs register "$CLIPS/big.mp4" > /dev/null
fault '{"platform":"YouTube","kind":"slow","bytes_per_second":600000}'
"$ASFS" --home lib --practice "$PRACTICE" upload big YouTube > one.out 2>&1 &
await_bytes 300000
kill -TERM $!
wait $!
echo "exit $?"
cat one.out
asfs --practice "$PRACTICE" status big YouTube --json | grep '"status"'
code asfs --practice "$PRACTICE" upload big YouTube
posts | wc -l
