# Everything pending, in one go; what cannot go now says when, and --wait works until nothing is left.
start_practice
bulk() { asfs --practice "$PRACTICE" "$@" 2>&1; echo "exit $?"; }
asfs register "$CLIPS/first.mp4" "$CLIPS/second.mp4" > /dev/null
asfs --practice "$PRACTICE" --json plan --platform YouTube
bulk upload --all-pending --platform YouTube --jobs 1 | sed -E 's/[A-Za-z0-9_-]{11}$/POSTID/'
posts
mkdir -p lib/config
echo '{"TikTok": {"cooldown_seconds": 3600}}' > lib/config/rate_limits.json
bulk plan --platform TikTok | sed 's/; .* to send/; SIZE to send/'
bulk --json upload --all-pending --platform TikTok --jobs 1 | grep -v '"post_id": "'
echo '{"TikTok": {"cooldown_seconds": 1, "max_per_hour": 0}}' > lib/config/rate_limits.json
bulk --json upload --all-pending --platform TikTok --wait | grep -v warning | sed -E 's/"[0-9]{19}"/"POSTID"/'
bulk upload --all-pending --platform TikTok
posts | grep -c TikTok
rm "$PWD/lib/config/rate_limits.json"
echo "--- what needs a person first"
cp "$CLIPS/big.mp4" gone.mp4
asfs register gone.mp4 > /dev/null
rm gone.mp4
bulk upload --all-pending --platform YouTube
bulk upload
bulk upload first YouTube --all-pending
bulk plan --platform MySpace
