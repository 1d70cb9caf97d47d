// What the practice studios share: what the server told the page, faults, requests, and the transfer of a video.
// The elements and words are those that the real sites were described with; nothing here is theirs.
"use strict";

const context = JSON.parse(document.getElementById("context").textContent);
const layoutB = context.layout === "b";

/** A word in the page's language: English, or German in layout B. */
const inWords = (table, name) => table[name]?.[layoutB ? 1 : 0] ?? name;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

const after = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** The fault of these kinds whose turn it is, once each time that it may strike; null when there is none. */
async function strikes(...kinds) {
  try {
    const answer = await fetch(`${context.root}strike?kinds=${kinds}`, {method: "POST"});
    const fault = await answer.json();
    return fault.kind ? fault : null;
  } catch {
    return null;
  }
}

/** What the server says to it, as JSON: {status, ...}; status 0 when no answer came. */
async function ask(path, body, method = "POST") {
  try {
    const answer = await fetch(context.root + path, {method, body: JSON.stringify(body),
      headers: {"Content-Type": "application/json", "X-Practice-Request": crypto.randomUUID()}});
    return {httpStatus: answer.status, ...await answer.json()};
  } catch {
    return {httpStatus: 0};
  }
}

/** A hidden page stands still. */
async function seen() {
  while (document.visibilityState !== "visible")
    await new Promise((done) => document.addEventListener("visibilitychange", done, {once: true}));
}

function put(address, blob, range, onprogress) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("PUT", context.root + address);
    request.setRequestHeader("Content-Range", range);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => onprogress(event.loaded);
    request.onload = () => done(request.status === 200 ? JSON.parse(request.responseText).received : -1);
    request.onerror = request.onabort = () => done(-1);
    request.send(blob);
  });
}

const kLeastChunk = 256 << 10, kMostChunk = 16 << 20, kMostBreaks = 100;

/** Sends the file, from where the server has it, in pieces; goes on after broken connections. False: given up. */
async function transfer(file, address, progress) {
  const piece = Math.min(kMostChunk, Math.max(kLeastChunk, Math.ceil(file.size / 8)));
  const stalls = await strikes("web_upload_stalls");
  let received = -1;
  for (let breaks = 0; received < file.size && breaks < kMostBreaks;) {
    await seen();
    if (stalls && received >= 0 && received + piece >= file.size) await new Promise(() => {});
    if (received < 0) {
      received = await put(address, null, `bytes */${file.size}`, () => {});
    } else {
      const end = Math.min(received + piece, file.size), begin = received;
      received = await put(address, file.slice(begin, end), `bytes ${begin}-${end - 1}/${file.size}`,
        (loaded) => progress(Math.min(0.99, (begin + loaded) / file.size)));
    }
    if (received < 0) breaks++, await after(0.3);
    else progress(Math.min(0.99, received / file.size));
  }
  return received >= file.size;
}

// The question whether one really wants to leave, as long as something would be lost.
const guard = {on: false, always: false};
addEventListener("beforeunload", (event) => {
  if (!guard.on && !guard.always) return;
  event.preventDefault();
  event.returnValue = "";
});

/** Ends this tab as a bug of the browser's would: its layout runs out of stack. */
function crash() {
  const box = () => make("span", {style: "display:inline-flex"});
  const outermost = box();
  let innermost = outermost;
  for (let depth = 0; depth < 10000; depth++) innermost = innermost.appendChild(box());
  innermost.textContent = "the end";
  document.body.append(outermost);
  document.body.getBoundingClientRect();
}

/** Something that lies over all of the page as soon as the mouse is over `button`. */
function coverWhenReached(button) {
  button.addEventListener("pointerenter", () => {
    const cover = make("div", {class: "practice-cover", "aria-label": "Practice overlay"}, "One moment…");
    document.body.append(cover);
  }, {once: true});
}

/** A cookie banner in an open shadow root, over the bottom of the page. */
function cookieBanner(tag, text, ...buttons) {
  const banner = make(tag);
  const root = banner.attachShadow({mode: "open"});
  const style = make("style");
  style.textContent = ":host{position:fixed;left:0;right:0;bottom:0;height:40vh;z-index:9000;background:#222;color:#fff;" +
    "display:flex;flex-direction:column;align-items:center;justify-content:center;gap:16px;font:15px system-ui}" +
    ".button-wrapper{display:flex;gap:12px}button{font:inherit;padding:10px 22px;border-radius:6px;border:0}";
  const wrapper = make("div", {class: "button-wrapper"},
    ...buttons.map((label) => make("button", {onclick: () => banner.remove()}, label)));
  root.append(style, make("p", {}, text), wrapper);
  document.body.append(banner);
}

/** A dialog that no recipe knows. */
function strangeDialog() {
  const dialog = make("div", {role: "dialog", "aria-modal": "true", "aria-label": "A new way to share", class: "practice-strange"},
    make("h2", {}, "A new way to share"), make("p", {}, "Would you like to swap your audience with another creator's?"),
    make("button", {onclick: () => dialog.remove()}, "Swap"), make("button", {onclick: () => dialog.remove()}, "Later"));
  document.body.append(dialog);
}

// Signed out: a moment after the page has come, its script sends people away.
const signedOut = Boolean(context.sign_in);
if (signedOut)
  setTimeout(() => location.assign(`${context.sign_in}?continue=` +
    encodeURIComponent(location.pathname.slice(context.root.length))), 400);
