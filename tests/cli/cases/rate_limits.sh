# A library with its own rate_limits.json keeps to it in practice mode, too; --force does not wait.
start_practice
asfs register "$CLIPS/first.mp4" "$CLIPS/second.mp4" > /dev/null
mkdir -p lib/config
echo '{"YouTube": {"cooldown_seconds": 3600, "max_per_hour": 1}}' > lib/config/rate_limits.json
asfs --practice "$PRACTICE" upload first YouTube > /dev/null 2>&1; echo "exit $?"
code asfs --practice "$PRACTICE" upload second YouTube
asfs --practice "$PRACTICE" --json upload second YouTube 2> /dev/null | sed -E 's/at [^(]*\(/at TIME (/'
asfs --practice "$PRACTICE" queue
code asfs --practice "$PRACTICE" upload second TikTok > /dev/null
asfs --practice "$PRACTICE" list
code asfs --practice "$PRACTICE" upload second YouTube --force > /dev/null
posts
asfs --practice "$PRACTICE" queue
asfs --practice "$PRACTICE" history second | sed -E -e 's/at [^(]*\(/at TIME (/' -e 's/(success +)[A-Za-z0-9_-]{11,}/\1POST/'
echo '{"YouTube": {"max_per_hour": "many"}}' > lib/config/rate_limits.json
code asfs --practice "$PRACTICE" upload first YouTube
