#!/usr/bin/python3
"""Sends a video with Google's client library for Python, as its samples do: resumably, in one request.

Usage: googleapi.py URL TOKEN FILE, with the URL of a practice server. Debian: python3-googleapi.
"""
import sys
from pathlib import Path

from googleapiclient.discovery import build
from googleapiclient.http import MediaFileUpload

sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.append(str(Path(__file__).resolve().parents[2] / "conformance"))
from token_http import TokenHttp

url, token, file = sys.argv[1:]
youtube = build("youtube", "v3", http=TokenHttp(token), cache_discovery=False,
                discoveryServiceUrl=url + "/discovery/v1/apis/{api}/{apiVersion}/rest")
request = youtube.videos().insert(part="snippet", body={"snippet": {"title": "measured"}},
                                  media_body=MediaFileUpload(file, mimetype="video/mp4", chunksize=-1, resumable=True))
video = None
while video is None:
    _, video = request.next_chunk()
