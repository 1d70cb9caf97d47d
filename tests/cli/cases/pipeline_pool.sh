# Clips take their texts from a table without ids, finished ones and those that are cut.
cat > words.csv <<'CSV'
title,caption,description,tags
Nobody saw it!,Look again 🔥,All of it in one take,odd,slow,beautiful
Hold on...,It takes a while 👀,,patience
The last of them,,,
CSV
mkdir clips
ffmpeg -v error -f lavfi -i "color=white:size=180x320:rate=10:duration=1" -pix_fmt yuv420p clips/c.mp4
cp "$CLIPS/first.mp4" clips/a.mp4
cp "$CLIPS/second.mp4" clips/b.mp4
echo '{"title": "Mine"}' > clips/b.json
echo "--- a folder of finished clips: one has its own words already"
code asfs pipeline clips --no-upload --pool words.csv --pool-order in-order
cat clips/a.json clips/b.json
asfs metadata c
echo "--- again: nobody takes another row; a new one takes the next"
ffmpeg -v error -f lavfi -i "color=black:size=180x320:rate=10:duration=1" -pix_fmt yuv420p clips/d.mp4
code asfs --json pipeline clips --no-upload --pool words.csv --pool-order in-order
echo "--- a clip that is cut, by the library's settings"
ffmpeg -v error -f lavfi -i "color=red:size=320x180:rate=5:duration=20" -f lavfi -i "sine=duration=20" -shortest -pix_fmt yuv420p plain.mp4
mkdir -p lib/config
echo '{"pool": {"file": "../words.csv", "order": "in order"}, "cut": {"preset": "ultrafast", "framing": "crop"}}' > lib/config/pipeline.json
code asfs pipeline plain.mp4 --no-upload --add 0:01-0:03 2> /dev/null | grep exit
id=$(ls lib/output/clips | sed -n 's/\.mp4$//p')
cat "lib/output/clips/$id.json"
asfs pipeline explain "$id" | sed -n '/^TEXT/,$p' | sed "s/$id/ID/"
echo "--- what is no pool"
code asfs pipeline plain.mp4 --pool none.csv
printf 'name,views\na,b\n' > other.csv
code asfs pipeline plain.mp4 --pool other.csv
printf 'title,tags\nCaf\351,a\n' > latin.csv
code asfs pipeline plain.mp4 --pool latin.csv
printf 'title,tags,views\nOne, two,a,3\nGood,b\n' > commas.csv
code asfs pipeline plain.mp4 --plan --pool commas.csv 2>&1 | grep commas
code asfs pipeline plain.mp4 --pool-order last 2>&1 | head -n 1
