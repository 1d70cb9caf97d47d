# Ctrl-C after the last byte: the post may still appear. It is asked about, and nothing is sent again.
start_practice
asfs register "$CLIPS/big.mp4" > /dev/null
size=$(stat -c %s "$CLIPS/big.mp4")
fault '{"platform":"YouTube","kind":"stall","at_byte":'"$size"',"seconds":60}'
"$ASFS" --home lib --practice "$PRACTICE" upload big YouTube > one.out 2>&1 &
await_bytes $((size - 1))
code asfs --practice "$PRACTICE" queue cancel big
kill -TERM $!
wait $!
echo "exit $?"
cat one.out
asfs --practice "$PRACTICE" status big YouTube --json | grep '"status"'
code asfs --practice "$PRACTICE" queue cancel --all
code asfs --practice "$PRACTICE" upload big YouTube
posts | wc -l
