# A file that is gone or was changed after it was registered is never posted.
start_practice
cp "$CLIPS"/first.mp4 "$CLIPS"/second.mp4 .
asfs register first.mp4 second.mp4 > /dev/null
rm first.mp4
printf x | dd of=second.mp4 bs=1 seek=100 conv=notrunc status=none
code asfs --practice "$PRACTICE" upload first YouTube
code asfs --practice "$PRACTICE" upload second YouTube
code asfs --practice "$PRACTICE" status second YouTube --json
posts
