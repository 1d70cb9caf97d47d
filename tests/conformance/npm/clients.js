// Checks the practice platforms with public client libraries. Usage: node clients.js URL, in a folder where they are
// installed. Every check throws when it fails.
"use strict";

const assert = require("node:assert/strict");
const {createHash} = require("node:crypto");
const {Readable} = require("node:stream");
const {youtube: makeYouTube} = require("@googleapis/youtube");
const {FacebookAdsApi} = require("facebook-nodejs-business-sdk");
const instagram = require("instagram-graph-api");

const url = process.argv[2];
const account = "17841400000000001";
const call = async (path) => (await fetch(url + path)).json();
const token = async (platform) => (await call(`/practice/token?platform=${platform}`)).access_token;
const posts = async (platform) => (await call("/practice/posts")).filter((post) => post.platform === platform);

async function googleapisYouTube() {
  const root = {rootUrl: url + "/"};
  const youtube = makeYouTube({version: "v3", headers: {Authorization: "Bearer " + await token("YouTube")}});
  const bytes = Buffer.from("a video, as far as the bytes go".repeat(1000));
  const made = await youtube.videos.insert({
    part: ["snippet", "status"],
    requestBody: {snippet: {title: "From npm", description: "Line one\nline two"}, status: {privacyStatus: "private"}},
    media: {mimeType: "video/mp4", body: Readable.from([bytes])},
  }, root);
  assert.equal(made.data.kind, "youtube#video");
  const listed = await youtube.videos.list({part: ["status", "processingDetails"], id: [made.data.id]}, root);
  assert.equal(listed.data.items[0].status.uploadStatus, "processed");
  assert.equal(listed.data.items[0].status.privacyStatus, "private");
  const channel = await youtube.channels.list({part: ["contentDetails"], mine: true}, root);
  const uploads = channel.data.items[0].contentDetails.relatedPlaylists.uploads;
  const items = await youtube.playlistItems.list({part: ["contentDetails"], playlistId: uploads}, root);
  assert.equal(items.data.items[0].contentDetails.videoId, made.data.id);
  const [post] = await posts("YouTube");
  assert.equal(post.sha256, createHash("sha256").update(bytes).digest("hex"));
  await assert.rejects(youtube.videos.list({part: ["nonsense"], id: ["x"]}, root), (error) => error.code === 400);
}

async function facebookBusinessSdk() {
  Object.defineProperty(FacebookAdsApi, "GRAPH", {get: () => url});
  const bearer = await token("Instagram");
  const api = FacebookAdsApi.init(bearer);
  const container = await api.call("POST", [account, "media"],
    {media_type: "REELS", upload_type: "resumable", caption: "From the SDK #art"});
  assert.match(container.uri, /\/ig-api-upload\/v\d+\.\d+\/\d+$/);
  const bytes = Buffer.from("reel".repeat(5000));
  const sent = await fetch(container.uri, {
    method: "POST", body: bytes,
    headers: {Authorization: "OAuth " + bearer, offset: "0", file_size: String(bytes.length)},
  });
  assert.equal((await sent.json()).success, true);
  const status = await api.call("GET", [container.id], {fields: "status_code"});
  assert.equal(status.status_code, "FINISHED");
  const media = await api.call("POST", [account, "media_publish"], {creation_id: container.id});
  const [post] = await posts("Instagram");
  assert.equal(post.post_id, media.id);
  assert.equal(post.caption, "From the SDK #art");
  await assert.rejects(api.call("POST", [account, "media_publish"], {creation_id: container.id}));
  assert.equal((await posts("Instagram")).length, 1);
}

async function instagramGraphApi() {
  instagram.Constants.API_URL = url + "/v25.0";
  const bearer = await token("Instagram");
  const made = await new instagram.PostPageReelMediaRequest(bearer, account, "https://example.org/a.mp4", "By URL").execute();
  const id = made.getId();
  const {ContainerField, ContentPublishingLimitFields} = instagram;
  const status = await new instagram.GetContainerRequest(bearer, id, ...Object.values(ContainerField)).execute();
  assert.equal(status.getContainerStatusCode(), "FINISHED");
  await new instagram.PostPublishMediaRequest(bearer, account, id).execute();
  const limit = await new instagram.Client(bearer, account)
    .newGetContentPublishingLimitRequest(...Object.values(ContentPublishingLimitFields)).execute();
  assert.equal(limit.getQuotaUsage(), 2);
  assert.equal((await posts("Instagram")).length, 2);
}

(async () => {
  for (const check of [googleapisYouTube, facebookBusinessSdk, instagramGraphApi]) {
    await check();
    console.log("ok", check.name);
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
