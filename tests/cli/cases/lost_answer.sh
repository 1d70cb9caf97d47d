# The platform made the post, its answer was lost: found again, not repeated.
start_practice
asfs register "$CLIPS/first.mp4" "$CLIPS/second.mp4" > /dev/null
fault '{"platform":"YouTube","kind":"lost_answer"}'
code asfs --practice "$PRACTICE" upload first YouTube
fault '{"platform":"YouTube","kind":"reset","at_byte":2000}'
code asfs --practice "$PRACTICE" upload second YouTube
posts
