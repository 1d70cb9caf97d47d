#!/usr/bin/python3
"""Checks the practice YouTube with Google's own client library (Debian: python3-googleapi).

Usage: practice_googleapi.py PROGRAM [ARGUMENT...]
           the practice server is started as PROGRAM ARGUMENT... --port P --dir DIR
       practice_googleapi.py --go-on URL TOKEN FILE
           finishes the upload that FILE describes (used by the check itself)
"""
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.request

sys.dont_write_bytecode = True  # the source tree stays as it is
try:
    from googleapiclient.discovery import build
    from googleapiclient.errors import HttpError
    from googleapiclient.http import HttpRequest, MediaFileUpload
    from token_http import TokenHttp
except ImportError:
    print("skipped: on Debian, apt-get install python3-googleapi")
    sys.exit(77)

CHUNK = 262144
BODY = {
    "snippet": {"title": "Clip from Google's client 語", "description": "Line one\nline two", "tags": ["a", "b c"]},
    "status": {"privacyStatus": "private", "selfDeclaredMadeForKids": False},
}


class Server:
    def __init__(self, command, folder, port=0):
        command = [*command, "--port", str(port), "--dir", folder]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip().rsplit(" ", 1)[-1]
        assert self.url.startswith("http://127.0.0.1:"), "the server did not start: " + self.url

    def port(self):
        return int(self.url.rsplit(":", 1)[-1])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def call(self, method, path, value=None):
        data = None if value is None else json.dumps(value).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data, method=method)) as answer:
            return json.load(answer)

    def fault(self, **fault):
        self.call("POST", "/practice/faults", dict(fault, platform="YouTube"))


def make_video(folder, size):
    path = os.path.join(folder, f"{size}.mp4")
    with open(path, "wb") as file:
        file.write(os.urandom(size))
    return path


def youtube(url, token):
    return build("youtube", "v3", http=TokenHttp(token), cache_discovery=False,
                 discoveryServiceUrl=url + "/discovery/v1/apis/{api}/{apiVersion}/rest")


def insert(service, path, chunksize=CHUNK, resumable=True):
    media = MediaFileUpload(path, mimetype="video/mp4", chunksize=chunksize, resumable=resumable)
    return service.videos().insert(part="snippet,status", body=BODY, media_body=media)


def finish(request):
    video = None
    while video is None:
        _, video = request.next_chunk()
    return video


def check_post(server, path, video):
    with open(path, "rb") as file:
        expected = hashlib.sha256(file.read()).hexdigest()
    post = server.call("GET", "/practice/posts")[-1]
    assert post["post_id"] == video["id"], (post, video)
    assert post["sha256"] == expected, post
    assert post["title"] == BODY["snippet"]["title"], post
    assert post["caption"] == BODY["snippet"]["description"], post


def chunks_survive_a_503(server, service, folder):
    path = make_video(folder, 3 * CHUNK - 5)
    request = insert(service, path)
    request.next_chunk()
    server.fault(kind="status", status=503, on="send")
    try:
        request.next_chunk()
        raise AssertionError("the 503 did not come")
    except HttpError as error:
        assert error.resp.status == 503
    status, _ = request.next_chunk()  # asks how far it got, then goes on
    assert status.resumable_progress == 2 * CHUNK, status.resumable_progress
    check_post(server, path, finish(request))


def chunks_survive_a_partial_one(server, service, folder):
    path = make_video(folder, 3 * CHUNK)
    server.fault(kind="partial", at_byte=CHUNK + 1000)
    check_post(server, path, finish(insert(service, path)))


def one_chunk_is_enough(server, service, folder):
    path = make_video(folder, 700001)
    check_post(server, path, finish(insert(service, path, chunksize=-1)))


def multipart_works(server, service, folder):
    path = make_video(folder, 300000)
    check_post(server, path, insert(service, path, resumable=False).execute())


def another_process_resumes(server, service, folder):
    path = make_video(folder, 3 * CHUNK + 9)
    request = insert(service, path)
    request.next_chunk()
    state = os.path.join(folder, "state.json")
    with open(state, "w") as file:
        file.write(request.to_json())
    done = subprocess.run([sys.executable, __file__, "--go-on", server.url, service._http.token, state],
                          check=True, stdout=subprocess.PIPE, text=True)
    check_post(server, path, json.loads(done.stdout))


def lists_tell_of_the_posts(server, service, folder):
    posts = server.call("GET", "/practice/posts")
    parts = "snippet,status,processingDetails"
    found = service.videos().list(part=parts, id=posts[0]["post_id"]).execute()["items"]
    assert found[0]["snippet"]["title"] == posts[0]["title"]
    assert found[0]["status"]["uploadStatus"] == "processed"
    assert found[0]["processingDetails"]["processingStatus"] == "succeeded"
    channel = service.channels().list(part="contentDetails", mine=True).execute()["items"][0]
    uploads = channel["contentDetails"]["relatedPlaylists"]["uploads"]
    parts = "snippet,contentDetails"
    listed = service.playlistItems().list(part=parts, playlistId=uploads, maxResults=50).execute()
    ids = [item["contentDetails"]["videoId"] for item in listed["items"]]
    assert ids == [post["post_id"] for post in reversed(posts)], ids


def thumbnail_is_taken(server, service, folder):
    path = os.path.join(folder, "cover.png")
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + os.urandom(1000))
    video = server.call("GET", "/practice/posts")[0]["post_id"]
    image = MediaFileUpload(path, mimetype="image/png")
    answer = service.thumbnails().set(videoId=video, media_body=image).execute()
    assert answer["kind"] == "youtube#thumbnailSetResponse"


def errors_have_googles_shape(server, service, folder):
    server.fault(kind="status", status=403, reason="quotaExceeded")
    try:
        insert(service, make_video(folder, 1000)).next_chunk()
        raise AssertionError("the error did not come")
    except HttpError as error:
        assert error.resp.status == 403
        assert json.loads(error.content)["error"]["errors"][0]["reason"] == "quotaExceeded", error.content
        assert "exceeded your quota" in str(error), error


def killed_server_has_lost_nothing(command, data, folder):
    server = Server(command, data)
    token = server.call("GET", "/practice/token?platform=YouTube")["access_token"]
    before = server.call("GET", "/practice/posts")
    path = make_video(folder, 4 * CHUNK)
    request = insert(youtube(server.url, token), path)
    status, _ = request.next_chunk()
    server.kill()
    server = Server(command, data, server.port())
    try:
        request._in_error_state = True  # what the library sets itself after a failed answer
        next_status, _ = request.next_chunk()
        assert next_status.resumable_progress == status.resumable_progress + CHUNK
        check_post(server, path, finish(request))
        assert server.call("GET", "/practice/posts")[:-1] == before
    finally:
        server.kill()


def go_on(url, token, state):
    with open(state) as file:
        request = HttpRequest.from_json(file.read(), TokenHttp(token), lambda _, content: json.loads(content))
    print(json.dumps(finish(request)))


CHECKS = (chunks_survive_a_503, chunks_survive_a_partial_one, one_chunk_is_enough, multipart_works,
          another_process_resumes, lists_tell_of_the_posts, thumbnail_is_taken, errors_have_googles_shape)


def main(command):
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "practice")
        server = Server(command, data)
        try:
            token = server.call("GET", "/practice/token?platform=YouTube")["access_token"]
            service = youtube(server.url, token)
            for check in CHECKS:
                check(server, service, folder)
                print("ok:", check.__name__.replace("_", " "))
        finally:
            server.kill()
        killed_server_has_lost_nothing(command, data, folder)
        print("ok: killed server has lost nothing")


if sys.argv[1] == "--go-on":
    go_on(*sys.argv[2:])
else:
    main(sys.argv[1:])
