#!/usr/bin/python3
"""Sends a video with Google's client library for Python, as its samples do: resumably, in one request.

Usage: googleapi.py URL TOKEN FILE, with the URL of a practice server. Debian: python3-googleapi.
"""
import sys

import httplib2
from googleapiclient.discovery import build
from googleapiclient.http import MediaFileUpload


class TokenHttp(httplib2.Http):
    """Sends the token, and leaves 308 alone: httplib2 would follow it as a redirect."""

    def __init__(self, token):
        super().__init__()
        self.token = token
        self.redirect_codes = self.redirect_codes - {308}

    def request(self, uri, method="GET", body=None, headers=None, *rest, **more):
        headers = dict(headers or {}, authorization="Bearer " + self.token)
        return super().request(uri, method, body, headers, *rest, **more)


url, token, file = sys.argv[1:]
youtube = build("youtube", "v3", http=TokenHttp(token), cache_discovery=False,
                discoveryServiceUrl=url + "/discovery/v1/apis/{api}/{apiVersion}/rest")
request = youtube.videos().insert(part="snippet", body={"snippet": {"title": "measured"}},
                                  media_body=MediaFileUpload(file, mimetype="video/mp4", chunksize=-1, resumable=True))
video = None
while video is None:
    _, video = request.next_chunk()
