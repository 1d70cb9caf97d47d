# Wrong command lines and unknown names.
asfs register "$CLIPS/first.mp4" > /dev/null
code asfs frobnicate
code asfs upload first
code asfs status nobody
code asfs status first Myspace
code asfs upload nobody YouTube --practice
code asfs upload first Myspace --practice
code asfs duplicates first maybe
code asfs history nobody
code asfs verify nobody
code asfs upload first YouTube
code asfs --practice http://example.com upload first YouTube
code asfs --version
