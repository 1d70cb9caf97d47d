# All bytes were sent, then the session was gone, and no list shows the video: nobody can know. Never sent again until
# a person answers.
start_practice
asfs register "$CLIPS/first.mp4" > /dev/null
fault '{"platform":"YouTube","kind":"lost_answer"}'
fault '{"platform":"YouTube","kind":"expired_session","on":"status_query"}'
fault '{"platform":"YouTube","kind":"not_listed","times":9}'
code asfs --practice "$PRACTICE" upload first YouTube
code asfs --practice "$PRACTICE" upload first YouTube
asfs --practice "$PRACTICE" duplicates first on
code asfs --practice "$PRACTICE" upload first YouTube
asfs --practice "$PRACTICE" duplicates first off > /dev/null
code asfs --practice "$PRACTICE" settle first YouTube live --post-id "$(curl -s $PRACTICE/practice/posts | python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["post_id"])')" --json
code asfs --practice "$PRACTICE" upload first YouTube
posts | wc -l
