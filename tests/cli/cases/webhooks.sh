# A receiver is told what is over, by the checks that docs/webhooks.md gives it; what it does not take waits.
start_practice
cat > receiver.py <<'PYTHON'
import http.server, json, os, sys
page = open(sys.argv[1]).read()
exec(page[page.index("```python\n") + 10:].split("```")[0])
class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told = json.loads(body)
        down = os.path.exists("down")
        with open("told", "a") as out:
            print("down" if down else "up", genuine(self.headers, body, "between us"), genuine(self.headers, body, "other"),
                  self.headers["X-ASFS-Event"], *[told.get(key) for key in ("video_id", "platform", "practice", "error")], file=out)
        self.send_response(500 if down else 204)
        self.end_headers()
    def log_message(self, *args): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
open("port", "w").write(str(server.server_port))
server.serve_forever()
PYTHON
python3 receiver.py "$(dirname "$0")/../../../docs/webhooks.md" &
receiver=$!
trap 'kill $receiver' EXIT
for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done
cp "$CLIPS/first.mp4" gone.mp4
echo more >> gone.mp4
asfs register "$CLIPS/first.mp4" "$CLIPS/second.mp4" gone.mp4 > /dev/null
rm gone.mp4
code asfs --practice "$PRACTICE" webhooks
mkdir -p lib/practice/config
echo "{\"webhooks\": [{\"url\": \"http://127.0.0.1:$(cat port)/hook?key=hush\", \"secret\": \"between us\"}]}" > lib/practice/config/webhooks.json
chmod 644 lib/practice/config/webhooks.json
code asfs --practice "$PRACTICE" webhooks
code asfs --practice "$PRACTICE" upload first YouTube
chmod 600 lib/practice/config/webhooks.json
code asfs --practice "$PRACTICE" webhooks
code asfs --practice "$PRACTICE" webhooks test
touch down
code asfs --practice "$PRACTICE" upload second YouTube > /dev/null
code asfs --practice "$PRACTICE" upload gone YouTube
code asfs --practice "$PRACTICE" webhooks send
code asfs --practice "$PRACTICE" webhooks
rm down
code asfs --practice "$PRACTICE" webhooks send
code asfs --practice "$PRACTICE" webhooks --json
cat told
echo '{"webhooks": [{"url": "http://example.com/hook", "secret": "between us"}]}' > lib/practice/config/webhooks.json
code asfs --practice "$PRACTICE" webhooks
grep -rlE "hush|between us" lib/practice/database lib/practice/audit lib/practice/logs lib/database
