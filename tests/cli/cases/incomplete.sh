# A file that is not whole is refused with the reason, and taken when it is.
without_sizes() { sed -E 's/[0-9.]+ k?B beyond/SIZE beyond/'; }
ffmpeg -v error -i "$CLIPS/second.mp4" -c copy -movflags +faststart whole.mp4
head -c $(($(stat -c%s whole.mp4) * 4 / 10)) whole.mp4 > clip.mp4
code asfs register clip.mp4 2>&1 | without_sizes
code asfs --json register clip.mp4 2> /dev/null | without_sizes
cp whole.mp4 clip.mp4
code asfs register clip.mp4
echo "--- bytes behind its end do no harm"
cp "$CLIPS/first.mp4" noted.mp4
echo "a note" >> noted.mp4
code asfs register noted.mp4
