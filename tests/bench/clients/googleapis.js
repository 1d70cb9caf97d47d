// Sends a video with Google's client library for Node. It knows no resumable uploads by itself, so this is what its
// users do: it begins the session, and its HTTP client sends the file there.
// Usage: node googleapis.js URL TOKEN FILE, in a folder where @googleapis/youtube is installed.
"use strict";

const fs = require("node:fs");
const {createRequire} = require("node:module");
const installed = createRequire(process.cwd() + "/");
const {youtube: makeYouTube} = installed("@googleapis/youtube");
const {request} = installed("gaxios");

const [url, token, file] = process.argv.slice(2);

(async () => {
  const youtube = makeYouTube({version: "v3", headers: {Authorization: "Bearer " + token}});
  const begun = await youtube.videos.insert(
    {part: ["snippet"], uploadType: "resumable", requestBody: {snippet: {title: "measured"}}},
    {url: url + "/upload/youtube/v3/videos"});
  const location = begun.headers.get ? begun.headers.get("location") : begun.headers.location;
  const made = await request({
    url: location, method: "PUT", data: fs.createReadStream(file),
    headers: {Authorization: "Bearer " + token, "Content-Length": String(fs.statSync(file).size)},
  });
  if (made.data.kind !== "youtube#video") throw new Error("no video came of it");
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
