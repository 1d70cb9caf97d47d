# FAILED with 1, 2, 3, then FAILED_FINAL; after that only by hand; a success resets the count.
start_practice
asfs register "$CLIPS/first.mp4" > /dev/null
fault '{"platform":"YouTube","kind":"status","status":403,"reason":"forbidden","times":5}'
for _ in 1 2 3 4; do
  asfs --practice "$PRACTICE" upload first YouTube --json 2> /dev/null | grep -E '"(status|retry_count)"'
done
code asfs --practice "$PRACTICE" upload first YouTube
code asfs --practice "$PRACTICE" upload first YouTube --force
code asfs --practice "$PRACTICE" upload first YouTube --force --json
posts
