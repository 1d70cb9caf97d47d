# What could not be written is not done, whatever the command; names drive no terminal.
asfs register "$CLIPS/first.mp4" > /dev/null
for command in list "list --json" "status first --json" "plan --json" verify "history first" --help --version; do
  echo "--- $command"
  asfs $command > /dev/full
  echo "exit $?"
done
echo "--- closed"
asfs list >&-
echo "exit $?"
echo "--- names"
cp "$CLIPS/second.mp4" $'red\e[31m.mp4'
asfs register $'red\e[31m.mp4'
code asfs register $'none\e]0;title\a\nsecond line.mp4'
