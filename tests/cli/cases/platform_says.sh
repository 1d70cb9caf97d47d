# What the platform answers decides the exit code.
start_practice
asfs register "$CLIPS/first.mp4" > /dev/null
fault '{"platform":"YouTube","kind":"status","status":403,"reason":"quotaExceeded"}'
asfs --practice "$PRACTICE" upload first YouTube --json > out.json; echo "exit $?"
python3 -c 'import json; d = json.load(open("out.json")); print(d["status"], d["retry_at"] is not None)'
fault '{"platform":"YouTube","kind":"token_expired","times":99}'
code asfs --practice "$PRACTICE" upload first YouTube
posts
