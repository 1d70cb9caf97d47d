# Practice leaves no trace in the library; what is added there can be taken over, and its folder deleted at any time.
start_practice
practise() { asfs --practice "$PRACTICE" "$@"; }
# What the library is, byte for byte, practice's folder left out.
library() { (cd lib && find . -path ./practice -prune -o -type f -print | sort | xargs sha256sum) | sha256sum; }
cp "$CLIPS/first.mp4" "$CLIPS/second.mp4" .
echo '{"caption": "Its words"}' > second.json
asfs register first.mp4 > /dev/null
library > before
practise upload first YouTube > /dev/null
code practise upload first YouTube
practise duplicates first on
practise queue pause --all
library | cmp - before && echo "the library is as it was"
code asfs status first
practise list
echo "--- newcomers"
practise register second.mp4 > /dev/null
practise upload second YouTube > /dev/null
asfs list
code asfs practice take-over nobody
code asfs practice take-over
asfs list
asfs metadata second
code asfs practice take-over --json
practise status second
echo "--- the folder goes, also under the feet of the platforms"
rm -r lib/practice
practise list
echo "--- a library that does not exist yet"
code "$ASFS" --home none --practice "$PRACTICE" register first.mp4
find none -maxdepth 1 | sort
code "$ASFS" --home none list
code "$ASFS" --home none practice take-over
code "$ASFS" --home none list
