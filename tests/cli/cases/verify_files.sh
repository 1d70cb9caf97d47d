cp "$CLIPS"/first.mp4 "$CLIPS"/second.mp4 .
asfs register first.mp4 second.mp4 > /dev/null
code asfs verify
printf x >> second.mp4
rm first.mp4
code asfs verify
code asfs verify second --json
