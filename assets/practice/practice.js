// The page of the practice platforms: asks for the state once a second and shows what changed. Everything
// that came from outside is set as text, never as HTML.
"use strict";

const KINDS = [
  ["status", "Answer with an error", "In place of doing what was asked", [["preset", "", "preset"]]],
  ["reset", "Break the connection", "What came before the byte is stored",
    [["at_byte", "at byte", 100000]]],
  ["lost_answer", "Lose the answer", "The post is made, the client never hears of it", []],
  ["stall", "Stall", "Stop reading for a while",
    [["at_byte", "at byte", 100000], ["seconds", "seconds", 20]]],
  ["slow", "Slow down", "Read at this rate", [["bytes_per_second", "bytes/s", 200000]]],
  ["partial", "Take a chunk in part", "Stored up to the byte, then asked to go on",
    [["at_byte", "at byte", 100000]]],
  ["expired_session", "Forget the upload session", "404 from then on", []],
  ["token_expired", "Expire the access token", "401 on the next call", []],
  ["processing_failed", "Fail the processing", "The bytes are taken, the video never goes live", []],
  ["still_processing", "Take long to process", "On that many look-ups", []],
  ["rejected_later", "Reject it later", "Taken, then rejected on the next look", []],
  ["forced_private", "Force it private", "Posted, but nobody sees it", []],
  ["malformed", "Garble the answer", "A success whose body breaks off", []],
  ["lost_init", "Lose the first answer", "The upload is begun, the client never hears of it", []],
  ["post_id_late", "Tell the post id late", "Published, but its id is still missing", []],
  ["forgotten", "Forget the publish_id", "Posted or not: nothing is known of it", []],
  ["upload_error", "Complain about the bytes", "An error, although all of them are stored", []],
  ["published_unknown", "Publish, then deny it", "Posted, but answered as unknown", []],
  ["invalid_grant", "End the sign-in", "The next refresh of a token is refused", []],
  ["invalid_client", "Refuse the app", "The next refresh of a token says that the app is not known", []],
  ["fewer_scopes", "Allow only a part", "The next sign-in grants fewer scopes", []],
  ["not_listed", "Hide from look-ups", "Posted, but not listed yet", []],
  ["omit", "Leave out a field", "In the next answer that has it", [["field", "field", "status"]]],
  ["late", "Fill in a field late", "In the next answer that has it", [["field", "field", "status"]]],
  ["word", "Use an unknown word", "In the next answer that has this field", [["field", "field", "status"]]],
  ["web_signed_out", "Web: sign out", "Pages lead to the sign-in until somebody signs in", []],
  ["web_verify", "Web: want to see a person", "A page asks to verify that it is you", []],
  ["web_wrong_account", "Web: another account", "From now on another one is signed in", []],
  ["web_limit", "Web: reach the limit", "No video more is taken today", []],
  ["web_refused", "Web: refuse to publish", "With the platform's own code", []],
  ["web_accepted", "Web: publish later", "Accepted, and made a moment later", []],
  ["web_no_answer", "Web: lose the answer", "Published, and the page never hears of it", []],
  ["web_garbled", "Web: answer in other words", "Published, and answered as no page expects", [["body", "body", "html"]]],
  ["web_lost", "Web: lose the request", "Nothing is published, nothing is answered", []],
  ["web_unconfirmed", "Web: say nothing", "Published, and the page shows nothing", []],
  ["web_tour", "Web: offer a tour", "A dialog comes up a moment late", [["seconds", "seconds", 1]]],
  ["web_cookies", "Web: ask about cookies", "A banner lies over the buttons", []],
  ["web_overlay", "Web: cover the button", "As the mouse reaches the last one", []],
  ["web_dialog", "Web: strange dialog", "One that nobody knows", []],
  ["web_slow_checks", "Web: check for long", "After the transfer", [["seconds", "seconds", 5]]],
  ["web_late_title", "Web: title late", "The text that was filled in is written over", [["seconds", "seconds", 2]]],
  ["web_draft_banner", "Web: old draft", "An edited video was not saved", []],
  ["web_checks_offer", "Web: offer checks", "Turn on automatic content checks?", []],
  ["web_continue", "Web: ask once more", "A second click publishes", []],
  ["web_layout_b", "Web: other layout", "Moved, renamed, and in German; for each page", []],
  ["web_under_review", "Web: under review", "In the next list", []],
  ["web_pinned", "Web: pin an old post", "First in the next list", []],
  ["web_crash", "Web: crash the tab", "A moment after the upload page came", [["seconds", "seconds", 3]]],
  ["web_upload_stalls", "Web: stall", "The transfer stands still before its last part", []],
  ["web_guard", "Web: hold back", "Asks whether one really wants to leave, always", []],
];
// Which platforms know a kind, where it is not all of them.
const ONLY = {partial: ["YouTube"], rejected_later: ["YouTube"], forced_private: ["YouTube"],
  lost_init: ["Instagram", "TikTok"], post_id_late: ["TikTok"], forgotten: ["TikTok"],
  published_unknown: ["Instagram"], upload_error: ["Instagram"], web_late_title: ["YouTube"],
  web_draft_banner: ["TikTok"], web_checks_offer: ["TikTok"], web_continue: ["TikTok"],
  web_pinned: ["Instagram", "TikTok"]};
const PRESETS = {
  YouTube: [[503, "backendError"], [500, "internalError"], [403, "quotaExceeded"], [429, "rateLimitExceeded"],
    [400, "uploadLimitExceeded"], [403, "forbidden"], [403, "insufficientPermissions"], [400, "invalidTitle"]],
  TikTok: [[500, "internal_error"], [429, "rate_limit_exceeded"], [403, "spam_risk_too_many_posts"],
    [403, "reached_active_user_cap"], [403, "spam_risk_user_banned_from_posting"], [401, "scope_not_authorized"],
    [403, "privacy_level_option_mismatch"], [403, "unaudited_client_can_only_post_to_private_accounts"]],
  Instagram: [[500, "2"], [403, "4"], [403, "9_2207042"], [400, "9007_2207027"], [403, "368"], [403, "200"],
    [400, "36004_2207010"], [400, "352_2207026"], [400, "m1_2207001"]],
};
const STATES = {receiving: "◉ receiving", open: "○ unfinished", done: "● posted",
  failed: "✕ processing failed", expired: "◌ forgotten"};

const byId = (id) => document.getElementById(id);

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function sizeText(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit++; }
  return unit === 0 ? `${bytes} B` : `${value.toFixed(value < 10 ? 2 : 1)} ${units[unit]}`;
}

const timeText = (utc) => new Date(utc).toLocaleTimeString([], {hourCycle: "h23"});

function empty(title, text) {
  return make("div", "empty", make("b", "", title), text);
}

function cell(text, className, title) {
  const td = make("td", className, text);
  td.title = title ?? text;
  return td;
}

// The image that was uploaded for it, or the video's own first picture. Old posts go without: each costs a request.
const MOST_PICTURES = 50;
function picture(post, place) {
  if (place >= MOST_PICTURES) return "";
  if (post.thumbnail) {
    const image = make("img", "thumbnail");
    image.src = `/media/${encodeURIComponent(post.post_id)}.thumbnail`;
    image.alt = "";
    return image;
  }
  const video = make("video", "thumbnail");
  video.src = `/media/${encodeURIComponent(post.post_id)}.mp4#t=0.1`;
  video.preload = "metadata";
  video.muted = true;
  return video;
}

function showPosts(posts) {
  byId("posts-count").textContent = posts.length || "";
  if (!posts.length) {
    const command = make("code", "", `asfs-videos --practice ${location.origin} upload ID TikTok`);
    const hint = make("span", "", "Upload something: ", command);
    return byId("posts").replaceChildren(empty("Nothing posted yet", hint));
  }
  const columns = [["", "col-picture"], ["Platform", "col-platform"], ["Title", ""], ["Post", "col-id"],
    ["Size", "col-size right"], ["SHA-256", "col-sum"], ["Received", "col-time"]];
  const head = make("tr", "", ...columns.map(([text, className]) => make("th", className, text)));
  const rows = posts.toReversed().map((post, place) => {
    const link = make("a", "mono", post.post_id);
    link.href = "/watch?v=" + encodeURIComponent(post.post_id);
    return make("tr", "", make("td", "picture", picture(post, place)), cell(post.platform, "soft"), cell(post.title), cell(link, "", post.post_id),
      cell(sizeText(post.size), "right", `${post.size} bytes`),
      cell(post.sha256.slice(0, 13) + "…", "mono soft", post.sha256),
      cell(timeText(post.received_at), "soft", post.received_at));
  });
  const table = make("table", "", make("thead", "", head), make("tbody", "", ...rows));
  byId("posts").replaceChildren(table);
}

function showSessions(sessions) {
  byId("sessions-count").textContent = sessions.length || "";
  if (!sessions.length)
    return byId("sessions").replaceChildren(empty("No upload begun", "It shows here while it runs."));
  byId("sessions").replaceChildren(...sessions.slice(-60).toReversed().map((session) => {
    const state = session.receiving ? "receiving" : session.state;
    const bar = make("progress", state + "-bar");
    bar.max = session.size ?? Math.max(session.bytes_received, 1);
    bar.value = session.bytes_received;
    bar.setAttribute("aria-label", session.title);
    const partly = session.state === "open" && session.size;
    const bytes = sizeText(session.bytes_received) + (partly ? ` of ${sizeText(session.size)}` : "");
    const line = make("div", "line", make("span", "", session.title),
      make("span", "soft state", state === "expired" ? "" : bytes),
      make("span", "state " + state, STATES[state]));
    return make("div", "row", line, bar);
  }));
}

function showLog(log) {
  if (!log.length)
    return byId("log").replaceChildren(empty("No request yet", "Each one is listed with its answer."));
  byId("log").replaceChildren(...log.slice(-80).toReversed().map((entry) => {
    const [method, target] = entry.request.split(" ");
    const request = make("span", "mono", `${method} ${target.split("?")[0]}`);
    request.title = `${timeText(entry.time)}  ${entry.request}`;
    const answer = typeof entry.answer === "number" ? String(entry.answer) : "✕ dropped";
    const facts = [entry.range, entry.bytes_stored === null ? "" : `${sizeText(entry.bytes_stored)} stored`];
    const second = make("div", "detail", facts.filter(Boolean).join(" · "));
    if (entry.fault) second.append(second.textContent ? " · " : "", make("span", "tag", `⚡ ${entry.fault}`));
    return make("div", "row", make("div", "line", request,
      make("span", "state answer " + (answer < 400 ? "done" : "failed"), answer)), second);
  }));
}

function showFaults(faults) {
  const waiting = faults.filter((fault) => fault.fired < fault.times);
  byId("faults-count").textContent = waiting.length ? `${waiting.length} waiting` : "";
  byId("clear").hidden = !faults.length;
  const spent = faults.filter((fault) => fault.fired >= fault.times);
  byId("faults").replaceChildren(...[...waiting, ...spent.toReversed()].map((fault) => {
    const {id, platform, kind, times, fired, ...rest} = fault;
    const detail = Object.entries(rest).map(([name, value]) => `${name} ${value}`).join(", ");
    const remove = make("button", "icon", "×");
    remove.title = "Take this fault away";
    remove.setAttribute("aria-label", `Take ${kind} away`);
    remove.onclick = () => change("DELETE", `/practice/faults/${id}`);
    const name = KINDS.find(([known]) => known === kind)?.[1] ?? kind;
    const state = fired >= times ? "spent" : fault === waiting[0] ? "next" : "waits";
    const fires = `${{spent: "✓ ", next: "next · ", waits: ""}[state]}fired ${fired} of ${times}`;
    return make("div", "fault " + state, make("div", "", name, make("div", "detail", detail)),
      make("span", "state soft", fires), remove);
  }));
}

const shown = {};
async function refresh() {
  const views = [["posts", showPosts], ["sessions", showSessions], ["faults", showFaults], ["log", showLog]];
  try {
    for (const [name, show] of views) {
      const text = await (await fetch("/practice/" + name)).text();
      if (shown[name] === text) continue;
      show(JSON.parse(text));
      shown[name] = text;
    }
    setConnection(true);
  } catch {
    setConnection(false);
  }
}

function setConnection(good) {
  const badge = byId("connection");
  badge.className = "badge " + (good ? "good" : "bad");
  badge.textContent = good ? `● ${location.host}` : "✕ the server does not answer";
}

async function change(method, path, body) {
  byId("problem").textContent = "";
  try {
    const answer = await fetch(path, {method, body: body && JSON.stringify(body)});
    if (!answer.ok) byId("problem").textContent = (await answer.json()).error;
  } catch {
    setConnection(false);
  }
  refresh();
}

function fieldOf([name, label, value]) {
  if (name === "preset") {
    const select = make("select", "", ...PRESETS[byId("platform").value].map(([status, reason]) => {
      const option = make("option", "", `${status} ${reason}`);
      option.value = JSON.stringify({status, reason});
      return option;
    }));
    select.setAttribute("aria-label", "Which error");
    select.read = () => JSON.parse(select.value);
    return [select, select];
  }
  const input = make("input");
  const number = typeof value === "number";
  input.type = number ? "number" : "text";
  if (number) input.min = 0;
  input.value = value;
  input.read = () => ({[name]: number ? input.valueAsNumber : input.value});
  return [make("label", "", label, input), input];
}

function showKinds() {
  const known = KINDS.filter(([kind]) => !ONLY[kind] || ONLY[kind].includes(byId("platform").value));
  byId("kinds").replaceChildren(...known.map(([kind, title, text, fields]) => {
    const made = fields.map(fieldOf);
    const add = make("button", "", "Add");
    add.setAttribute("aria-label", `Add: ${title}`);
    add.onclick = () => {
      const fault = {platform: byId("platform").value, kind, times: byId("times").valueAsNumber};
      change("POST", "/practice/faults", Object.assign(fault, ...made.map(([, input]) => input.read())));
    };
    const below = made.length ? make("div", "fields", ...made.map(([element]) => element))
      : make("div", "detail", text);
    const row = make("div", "kind", make("b", "", title), below, add);
    row.title = text;
    return row;
  }));
}

byId("platform").onchange = showKinds;
byId("clear").onclick = () => change("DELETE", "/practice/faults");
byId("reset").onclick = () => byId("confirm").showModal();
byId("confirm").onclose = () => {
  if (byId("confirm").returnValue === "yes") change("POST", "/practice/reset");
  byId("confirm").returnValue = "";
};

async function keepFresh() {
  if (!document.hidden) await refresh();
  setTimeout(keepFresh, 1000);
}
showKinds();
keepFresh();
