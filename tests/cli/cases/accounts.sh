# Signing in without a browser, by the pasted answer; what is kept of it; no secret where none belongs.
start_practice
export BRAVE_PATH=/bin/sh  # whatever browser this machine has
code asfs accounts
mkfifo answers
asfs --practice "$PRACTICE" login TikTok --no-browser < answers 2> said &
exec 3> answers
for _ in $(seq 200); do grep -q '^http' said && break; sleep 0.05; done
tr '\0' '\n' < /proc/$!/cmdline | grep -c secret
address=$(grep '^http' said)
curl -s -o /dev/null -D - -X POST "$PRACTICE/practice/consent?${address#*\?}&platform=TikTok" |
  sed -n 's/^[Ll]ocation: //p' | tr -d '\r' > redirected
echo "http://127.0.0.1:1/callback/?code=stolen&state=other" >&3
cat redirected >&3
exec 3>&-
wait %2
grep -c "not the answer" said
asfs --practice "$PRACTICE" accounts
stat -c '%a' lib/practice/config/tokens lib/practice/config/tokens/tiktok.json
asfs register "$CLIPS/first.mp4" > /dev/null
asfs --practice "$PRACTICE" upload first TikTok > /dev/null 2>&1
curl -s "$PRACTICE/practice/log" > log.json
python3 - <<'PYTHON'
import glob, json
kept = json.load(open("lib/practice/config/tokens/tiktok.json"))
secrets = [kept["access_token"], kept["refresh_token"], "practice-secret"]
files = glob.glob("lib/practice/*/*.*") + ["log.json", "said"]
print("secrets found in:", [name for name in files if any(s.encode() in open(name, "rb").read() for s in secrets)])
PYTHON
asfs --practice "$PRACTICE" logout TikTok
asfs --practice "$PRACTICE" accounts
code asfs login YouTube
mkdir -p lib/config; echo '{"YouTube": {"client_id": "x", "client_secret": "y"}}' > lib/config/accounts.json
chmod 644 lib/config/accounts.json
code asfs login YouTube
echo "a-pasted-token" | asfs login YouTube --token -
asfs accounts
# Another account on a platform is a destination of its own: a column, limits, a queue and a sign-in.
asfs accounts add youtube/cooking --caption Cooking
code asfs accounts add YouTube/cooking
code asfs accounts add YouTube/Cooking
code asfs accounts add Vimeo/x
asfs list --platform youtube/cooking
code asfs --practice "$PRACTICE" list --platform YouTube/garden
code asfs accounts remove YouTube
asfs accounts remove YouTube/cooking
asfs --json accounts | grep -c cooking
