// Uploads a video through the practice YouTube Studio with Playwright, step by step as assets/recipes/youtube.json does:
// whose channel it is, what is listed before, the upload, and the platform's word that it is published.
// Usage: node playwright.js URL PROFILE FILE TITLE CAPTION, in a folder where playwright-core is installed.
"use strict";

const {createRequire} = require("node:module");
const {chromium} = createRequire(process.cwd() + "/")("playwright-core");

const [url, profile, file, title, caption] = process.argv.slice(2);
const kStays = {list: 500, text: 750}, kLook = 50;

/** What `read` gives once it was the same for so long. */
async function steady(read, milliseconds) {
  let value = await read(), since = Date.now();
  while (Date.now() < since + milliseconds) {
    await new Promise((done) => setTimeout(done, kLook));
    const now = await read();
    if (now !== value) [value, since] = [now, Date.now()];
  }
  return value;
}

async function posts(page, address) {
  await page.goto(address, {waitUntil: "domcontentloaded"});
  await page.locator("ytcp-video-row, .no-content-header").first().waitFor();
  const rows = page.locator("ytcp-video-row");
  await steady(() => rows.count(), kStays.list);
  return rows.evaluateAll((all) => all.map((row) =>
    [row.querySelector("a[href*='/video/']").getAttribute("href"), row.querySelector("#video-title").innerText]));
}

async function fill(page, box, text) {
  await box.fill(text);
  if (await steady(() => box.innerText(), kStays.text) !== text) throw new Error("a field does not keep its text");
}

async function choose(button) {
  await button.click();
  await button.and(button.page().locator("[aria-checked=true]")).waitFor();
}

async function upload(page) {
  const studio = url + "/studios/youtube/studio/", dialog = page.locator("ytcp-uploads-dialog");
  await page.goto(studio, {waitUntil: "domcontentloaded"});
  await page.waitForURL("**/studio/channel/UC*/**");
  await page.locator("ytcp-navigation-drawer").waitFor();
  const channel = `${studio}channel/${page.url().match(/\/channel\/([^/]+)/)[1]}/`;
  await page.locator("ytcp-navigation-drawer #entity-name").innerText();
  const before = [];
  for (const list of ["videos/upload", "videos/short"]) before.push(...await posts(page, channel + list));

  await page.goto(channel + "videos/upload?d=ud", {waitUntil: "domcontentloaded"});
  const created = page.waitForResponse("**/youtubei/v1/upload/createvideo");
  await dialog.locator("input[type=file]").setInputFiles(file);
  await dialog.locator("ytcp-video-info a[href]").waitFor();
  const {videoId} = await (await created).json();
  if (!videoId || before.some(([address]) => address.includes(videoId))) throw new Error("no new video came of it");

  const box = (name) => page.locator(`#${name}-textarea #textbox`);
  await steady(() => box("title").innerText(), kStays.text);
  await fill(page, box("title"), title);
  await fill(page, box("description"), caption);
  await choose(dialog.locator("[name=VIDEO_MADE_FOR_KIDS_NOT_MFK]"));
  const visibility = dialog.locator("#privacy-radios [name=PUBLIC]"), next = dialog.locator("#next-button");
  while (!await visibility.isVisible()) {
    const step = await dialog.getAttribute("workflow-step");
    await next.click();
    await page.waitForFunction((from) => document.querySelector("ytcp-uploads-dialog")
      .getAttribute("workflow-step") !== from, step);
  }
  await choose(visibility);

  const progress = dialog.locator("span.progress-label"), done = dialog.locator("#done-button");
  await progress.filter({hasText: /Upload complete|Processing|Checks|Checking/}).waitFor({timeout: 0});
  await dialog.locator("#done-button:not([aria-disabled=true])").waitFor();
  await progress.filter({hasNotText: "Checking"}).waitFor({timeout: 0});
  await done.click();
  await page.locator("ytcp-video-share-dialog tp-yt-paper-dialog").waitFor();
}

(async () => {
  const context = await chromium.launchPersistentContext(profile, {executablePath: "/usr/bin/chromium", headless: true,
    viewport: {width: 1280, height: 900}, args: ["--disable-dev-shm-usage"]});
  try {
    await upload(context.pages()[0] ?? await context.newPage());
  } finally {
    await context.close();
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
