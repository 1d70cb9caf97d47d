code asfs list
asfs register "$CLIPS/first.mp4" --title "Überraschung 🎉" > /dev/null
asfs register "$CLIPS/second.mp4" --title "朝のルーティン" --allow-duplicates > /dev/null
code asfs list
code asfs list --search überraschung
code asfs list --status FAILED
code asfs list --status PENDING --platform youtube --json
code asfs list --status nonsense
code asfs status second --json
code asfs status second TikTok --json
code asfs status second TikTok
