# Scheduling, and what waits: shown, moved, paused, cancelled.
export TZ=UTC
start_practice
queue() { asfs --practice "$PRACTICE" queue "$@" 2>&1; echo "exit $?"; }
upload() { asfs --practice "$PRACTICE" upload "$@" 2>&1; echo "exit $?"; }
asfs register "$CLIPS/first.mp4" "$CLIPS/second.mp4" > /dev/null
queue
upload first YouTube --at 2199-12-01T18:00 --title Later
upload first YouTube --at 2199-12-02T18:00
upload --all-pending --platform TikTok --at 2199-12-03T08:00 --every 1d
asfs --practice "$PRACTICE" --json queue | grep -v '"not_before"' | sed -E 's/"scheduled_at": "([^"]{13}).*/"scheduled_at": \1/' | tr -d '\n'; echo
asfs --practice "$PRACTICE" plan --platform YouTube | sed 's/; .* to send//'
queue at first tiktok 2199-12-05T08:00 | tail -3
queue now second
queue up second TikTok | tail -1
queue last first YouTube
queue at second TikTok 2199-12-04T08:00 > /dev/null
asfs --practice "$PRACTICE" plan --platform TikTok --only second | sed 's/; .* to send//'
queue pause second TikTok | tail -2
queue resume second tiktok | tail -1
queue cancel second
queue cancel second
queue cancel --all
echo "--- as JSON: what was put into the queue, though nobody is signed in; then paused"
hours() { sed -E 's/"((scheduled_)?at)": "([^"]{13})[^"]*"/"\1": \3/' | tr -d '\n'; echo; }
asfs --json upload --all-pending --platform YouTube --at 2199-12-03T08:00 --every 1d 2>&1 | hours
asfs queue pause --all > /dev/null
asfs --json upload --all-pending --platform YouTube --only first --at 2199-12-06T08:00 2>&1 | hours
asfs --json upload second TikTok --at 2199-12-07T08:00 2>&1 | sed 's/retry_at/at/' | hours
asfs queue resume --all > /dev/null
asfs --json queue | grep -E 'video_id|scheduled_at' | hours
asfs queue cancel --all
asfs queue pause --all   # the library's own queue is another one
queue pause --all
upload second YouTube --at 2199-12-01T18:00 > /dev/null   # what is added is paused, too
queue
queue resume --all
queue cancel --all > /dev/null
queue limit
queue limit 1.5M
asfs --practice "$PRACTICE" --json queue limit off
echo "--- what is wrong"
queue limit fast
upload first YouTube --at tomorrow
upload first YouTube --at 2001-01-01T00:00
queue at first YouTube soon
queue at first
queue at first 2001-01-01T00:00
queue first --all
upload --all-pending --only nobody --at 2199-12-01T18:00
upload nobody YouTube --at 2199-12-01T18:00
upload first YouTube --at 2199-12-01T18:00 --if-missed never
upload --all-pending --at 2199-12-01T18:00 --every week
queue cancel
upload first YouTube > /dev/null
upload first YouTube --at 2199-12-01T18:00 | sed -E 's/post [^,]+/post ID/'
