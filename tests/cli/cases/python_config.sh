# The Python program's own config files: taken as they are, what is not ours noted, a mistyped key with what was meant.
mkdir -p lib/config
cat > lib/config/platforms.json <<'JSON'
{"Instagram": {"name": "Instagram Reels", "aspect_ratio": "9:16", "min_duration": 3, "max_duration": 90,
               "max_file_size_mb": 100, "video_format": "mp4", "resolution": "1080x1920",
               "api_endpoint": "https://graph.instagram.com", "caption_limit": 2200, "hashtag_limit": 30},
 "YouTube": {"name": "YouTube Shorts", "max_duration": 60, "privcy": "private"}}
JSON
echo '{"theme": "dark", "platforms": {"instagram": true}}' > lib/config/ui_settings.json
asfs register "$CLIPS/first.mp4" > /dev/null
code asfs plan --platform YouTube
start_practice
asfs --practice "$PRACTICE" upload first YouTube
