# A library that cannot be used: exit 7, nothing is changed.
mkdir -p lib/database
echo "this is not a database, only a text that is long enough to look like a file of some kind" > lib/database/videos.db
cp lib/database/videos.db before
code asfs list
cmp before lib/database/videos.db && echo untouched
rm lib/database/videos.db
sqlite3 lib/database/videos.db 'create table videos(name text); insert into videos values (1)'
code asfs register "$CLIPS/first.mp4"
rm -r lib
asfs register "$CLIPS/first.mp4" > /dev/null
sqlite3 lib/database/videos.db "insert into asfs_migrations select max(version)+1, 'from the future', '' from asfs_migrations"
code asfs list
