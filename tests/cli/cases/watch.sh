# A folder is watched: what is finished is registered and uploaded, Ctrl-C ends it. What an earlier watch registered but
# did not live to upload comes, too.
start_practice
mkdir clips
cp "$CLIPS/second.mp4" clips/earlier.mp4
asfs register clips/earlier.mp4 > /dev/null
"$ASFS" --home lib --practice "$PRACTICE" watch clips --platform YouTube > watch.out 2> watch.err &
watching=$!
cp "$CLIPS/first.mp4" clips/growing.mp4.part
mv clips/growing.mp4.part clips/one.mp4
echo "no video" > clips/words.mp4.part; mv clips/words.mp4.part clips/words.mp4  # seen once, as a whole
for _ in $(seq 300); do [ "$(posts | wc -l)" = 2 ] && break; sleep 0.1; done
mv clips/one.mp4 clips/renamed.mp4
for _ in $(seq 300); do grep -q "found here from now on" watch.out && break; sleep 0.1; done
kill -INT $watching
wait $watching
echo "exit $?"
posts | sort
sed -E 's/[A-Za-z0-9_-]{11}$/POSTID/' watch.out | sort
grep -q "words.mp4" watch.err && echo "told of words.mp4"  # again after a while, where that lasts so long
asfs --practice "$PRACTICE" list
code asfs watch nowhere
