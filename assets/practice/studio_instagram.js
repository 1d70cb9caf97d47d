// Instagram, for practice: the feed, a profile with its reels, and the dialog in which a reel is composed.
"use strict";

const kWords = {
  Home: ["Home", "Startseite"], Profile: ["Profile", "Profil"], "New post": ["New post", "Neuer Beitrag"], Create: ["Create", "Erstellen"],
  Post: ["Post", "Beitrag"], "Live video": ["Live video", "Live-Video"], "Edit profile": ["Edit profile", "Profil bearbeiten"],
  "Create new post": ["Create new post", "Neuen Beitrag erstellen"], Crop: ["Crop", "Zuschneiden"], Edit: ["Edit", "Bearbeiten"],
  "New reel": ["New reel", "Neues Reel"], Sharing: ["Sharing", "Wird geteilt"], Next: ["Next", "Weiter"], Back: ["Back", "Zurück"],
  Share: ["Share", "Teilen"], Done: ["Done", "Fertig"], OK: ["OK", "OK"], Close: ["Close", "Schließen"],
  "Select from computer": ["Select from computer", "Vom Computer auswählen"], "Select crop": ["Select crop", "Zuschnitt auswählen"],
  original: ["Original Photo outline icon", "Original Symbol Foto-Umriss"], square: ["1:1 Crop square icon", "1:1 Symbol Quadrat zuschneiden"],
  portrait: ["9:16 Crop portrait icon", "9:16 Symbol Hochformat zuschneiden"], "Sound on": ["Sound on", "Ton an"],
  caption: ["Write a caption...", "Bildunterschrift verfassen …"], "Advanced settings": ["Advanced settings", "Erweiterte Einstellungen"],
  Accessibility: ["Accessibility", "Barrierefreiheit"], "AI label": ["Add AI label", "KI-Kennzeichnung hinzufügen"],
  "reels note": ["Video posts are now shared as reels", "Videobeiträge werden jetzt als Reels geteilt"],
  shared: ["Your reel has been shared.", "Dein Reel wurde geteilt."], "Reel shared": ["Reel shared", "Reel geteilt"],
  "not shared": ["Post couldn’t be shared", "Beitrag konnte nicht geteilt werden"], "Try again": ["Try again", "Erneut versuchen"],
  "please again": ["Your post could not be shared. Please try again.", "Dein Beitrag konnte nicht geteilt werden. Versuche es noch einmal."],
  "Something went wrong": ["Something went wrong", "Etwas ist schiefgelaufen"], "Try Again Later": ["Try Again Later", "Versuche es später noch einmal"],
  "Discard post?": ["Discard post?", "Beitrag verwerfen?"], Discard: ["Discard", "Verwerfen"], Cancel: ["Cancel", "Abbrechen"],
  "Turn on Notifications": ["Turn on Notifications", "Benachrichtigungen aktivieren"], "Not Now": ["Not Now", "Jetzt nicht"], "Turn On": ["Turn On", "Aktivieren"],
  "no page": ["Sorry, this page isn't available.", "Diese Seite ist leider nicht verfügbar."], "View insights": ["View insights", "Insights ansehen"],
};
const word = (name) => inWords(kWords, name);
const www = context.root + "www/";
const kStepTakes = 0.15, kAsksAgainAfter = 1;

/** A drawing with a name, as all of Instagram's buttons are. */
function picture(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-label", name);
  svg.setAttribute("role", "img");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.innerHTML = "<rect x='3' y='3' width='18' height='18' rx='4'/><path d='M12 8v8M8 12h8'/>";
  return svg;
}
const button = (name, press, look = "quiet") =>
  make("div", {role: "button", tabindex: 0, class: look, onclick: press}, word(name));

// ---- the frame -------------------------------------------------------------------------------------

function frame(...inside) {
  const to = (name, address) => make("a", {href: www + address}, make("span", {}, word(name)));
  const create = make("a", {role: "link", href: "#", tabindex: 0, onclick: (event) => {
    event.preventDefault();
    if (layoutB) new Composer();
    else showSubmenu(nav);
  }}, picture(word("New post")), make("span", {}, word("Create")));
  const nav = make("nav", {}, make("div", {class: "logo"}, "Practicegram"), to("Home", ""), create, to("Profile", `${context.account}/`));
  document.body.prepend(make("div", {class: "app"}, nav, make("main", {}, ...inside)));
}

function showSubmenu(nav) {
  if (nav.querySelector(".submenu")) return;
  const item = (name, does) => make("a", {role: "link", href: "#", onclick: (event) => {
    event.preventDefault();
    menu.remove();
    does();
  }}, picture(word(name)), make("span", {}, word(name)));
  const menu = make("div", {class: "submenu"}, item("Post", () => new Composer()), item("Live video", () => {}));
  nav.append(menu);
}

/** A question; its answers are [name, does], and any of them closes it. */
function question(title, text, ...answers) {
  const backdrop = make("div", {class: "backdrop", style: "z-index:150"}, make("div", {role: "dialog", "aria-modal": "true", "aria-label": title, class: "small"},
    make("h3", {}, title), make("div", {}, text), make("div", {class: "answers"}, ...answers.map(([name, does]) =>
      make("button", {class: "quiet", onclick: () => { backdrop.remove(); does(); }}, word(name))))));
  document.body.append(backdrop);
}
const nothing = () => {};

// ---- lists -----------------------------------------------------------------------------------------

const feed = async () => (await ask("www/api/v1/feed/user/", {user: context.account})).items ?? [];
const noPage = () => frame(make("h2", {}, word("no page")));

async function showProfile(user) {
  if (user !== context.account) return noPage();
  const grid = make("div", {class: "grid"});
  frame(make("div", {class: "profile"}, make("div", {class: "avatar"}), make("div", {}, make("h2", {}, user),
    make("a", {href: `${www}accounts/edit/`, role: "link"}, word("Edit profile")))), grid);
  const items = await feed();
  await after(0.2);
  grid.append(...items.map((item) => make("a", {href: `${www}${user}/reel/${item.code}/`}, (item.pinned ? "📌 " : "") + item.caption.text.split("\n")[0])));
  grid.dataset.complete = "true";
}

async function showReel(code) {
  const item = (await feed()).find((one) => one.code === code);
  if (!item) return noPage();
  const time = new Date(item.taken_at * 1000);
  frame(make("article", {}, make("div", {class: "media"}), make("p", {}, make("a", {href: `${www}${context.account}/`}, context.account)),
    make("h1", {class: "words", style: "font:inherit"}, item.caption.text),
    make("time", {datetime: time.toISOString()}, time.toLocaleDateString(document.documentElement.lang)), make("p", {class: "blue"}, word("View insights"))));
}

function showHome() {
  frame(...["a friend", "another friend"].map((name) => make("article", {}, make("b", {}, name), make("div", {class: "media"}),
    make("div", {role: "button", "aria-label": word("Share"), class: "quiet", style: "width:fit-content"}, picture(word("Share"))))));
}

// ---- the composer ----------------------------------------------------------------------------------

/** As Lexical draws plain text: one paragraph, a span for the words of each line, and <br> between them. */
const lexicalLine = (text) => make("span", {"data-lexical-text": text ? "true" : null}, text);

function captionEditor() {
  const box = make("div", {"aria-label": word("caption"), "aria-placeholder": word("caption"), contenteditable: "true", role: "textbox",
    spellcheck: "true", "data-lexical-editor": "true"});
  const outer = make("div", {class: "editor"}, box);
  const close = () => outer.querySelector("[role=listbox]")?.remove();
  outer.editor = new ModelEditor(box, {line: lexicalLine, paragraph: make("p", {dir: "auto"}), onchange: () => {
    close();
    const tag = outer.editor.text.slice(0, outer.editor.to).match(/[#@][\p{L}\p{N}_]+$/u)?.[0];
    if (tag) outer.append(make("div", {role: "listbox"}, tag));
  }});
  box.addEventListener("blur", close);
  return outer;
}

class Composer {
  constructor() {
    this.crop = "square";
    this.heading = make("div", {role: "heading", "aria-level": 1});
    this.left = make("div");
    this.right = make("div");
    this.step = make("div", {class: "step"});
    this.dialog = make("div", {role: "dialog", "aria-modal": "true", class: "composer"},
      make("header", {}, this.left, this.heading, this.right), this.step);
    this.backdrop = make("div", {class: "backdrop", onclick: (event) => { if (event.target === this.backdrop) this.leave(); }}, this.dialog);
    this.escape = (event) => { if (event.key === "Escape") this.leave(); };
    document.addEventListener("keydown", this.escape);
    document.body.append(this.backdrop);
    this.pick();
  }

  show(title, {back, go, does}, ...inside) {
    this.heading.textContent = word(title);
    this.dialog.setAttribute("aria-label", word(title));
    this.left.replaceChildren(back ? button("Back", back, "blue") : "");
    this.right.replaceChildren(go ? button(go, does, "blue") : "");
    this.step.replaceChildren(...inside);
  }

  /** The input exists only once the button is pressed, and is in no document. In layout B there is one that does nothing. */
  pick() {
    const choose = () => {
      this.input = make("input", {type: "file", accept: "image/jpeg,image/png,image/heic,video/mp4,video/quicktime"});
      this.input.addEventListener("change", () => { if (this.input.files[0]) this.take(this.input.files[0]); });
      this.input.click();
    };
    const idle = layoutB ? make("form", {enctype: "multipart/form-data"}, make("input", {type: "file", hidden: true, accept: "video/mp4,video/quicktime"})) : "";
    this.show("Create new post", {}, make("div", {class: "middle"}, picture("Icon to represent media"), make("div", {}, "Drag photos and videos here"),
      make("button", {class: "solid", style: "border:0", onclick: choose}, word("Select from computer")), idle));
  }

  async take(file) {
    const answer = await ask("www/api/v1/media/upload_settings/", {name: file.name, size: file.size});
    if (!answer.upload_id) return question(word(answer.httpStatus === 429 ? "Try Again Later" : "Something went wrong"), answer.message ?? "", ["OK", nothing]);
    Object.assign(this, {file, uploadId: answer.upload_id});
    guard.on = true;
    if (await strikes("web_guard")) guard.always = true;
    this.showCrop();
    if (localStorage.getItem("reels_note")) return;
    localStorage.setItem("reels_note", "seen");
    question(word("reels note"), "", ["OK", nothing]);
  }

  showCrop() {
    const list = make("div", {hidden: true}, ...["original", "square", "portrait"].map((name) => make("div", {role: "button", tabindex: 0,
      "aria-label": word(name), onclick: () => { this.crop = name; list.hidden = true; }}, name)));
    const open = make("div", {role: "button", tabindex: 0, onclick: () => { list.hidden = !list.hidden; }}, picture(word("Select crop")));
    this.show("Crop", {back: () => this.leave(), go: "Next", does: () => this.later(() => this.showEdit())},
      make("div", {class: "preview"}, make("div", {class: "crop"}, open, list)));
  }

  showEdit() {
    this.show("Edit", {back: () => this.showCrop(), go: "Next", does: () => this.later(() => this.showWords())}, make("div", {class: "preview"}),
      make("div", {class: "side"}, make("h3", {}, "Cover photo"), make("button", {class: "quiet", style: "border:0"}, word("Select from computer")),
        make("label", {}, make("input", {type: "checkbox", role: "switch", checked: true, "aria-label": word("Sound on")}), word("Sound on"))));
  }

  showWords() {
    this.caption ??= captionEditor();
    this.ai ??= make("input", {type: "checkbox", role: "switch", "aria-label": word("AI label")});
    this.ai.addEventListener("change", () => this.ai.setAttribute("aria-checked", String(this.ai.checked)));
    const more = make("div", {hidden: true}, make("label", {}, this.ai, " ", word("AI label")));
    this.show("New reel", {back: () => this.showEdit(), go: "Share", does: () => this.share()}, make("div", {class: "preview"}),
      make("div", {class: "side"}, make("b", {}, context.account), this.caption, button("Accessibility", nothing),
        button("Advanced settings", () => { more.hidden = !more.hidden; }), more));
    this.stage();
  }

  async stage() {
    const fault = await strikes("web_overlay", "web_dialog");
    if (fault?.kind === "web_overlay") coverWhenReached(this.right.firstChild);
    if (fault?.kind === "web_dialog") strangeDialog();
  }

  later(does) { setTimeout(does, kStepTakes * 1000); }

  leave() {
    if (!this.file || this.finished) return this.close();
    if (document.querySelector(".small[role=dialog]")) return;
    question(word("Discard post?"), "If you leave, your edits won't be saved.", ["Discard", () => this.close()], ["Cancel", nothing]);
  }

  close() {
    guard.on = false;
    document.removeEventListener("keydown", this.escape);
    this.backdrop.remove();
  }

  // ---- the end ----

  tell(title, text, ...more) {
    this.finished = true;
    guard.on = false;
    this.show(title, {}, make("div", {class: "middle"}, make("h3", {}, text), ...more));
  }

  /** The bytes go up only now; who leaves meanwhile has shared nothing. */
  async share() {
    const text = make("div", {class: "progress"});
    const progress = (part) => { text.textContent = `${Math.floor(part * 100)}%`; };
    this.show("Sharing", {}, make("div", {class: "middle"}, make("div", {role: "progressbar", "aria-label": word("Sharing")}), text));
    const all = await transfer(this.file, `www/rupload_igvideo/fb_uploader_${this.uploadId}`, progress);
    const slow = await strikes("web_slow_checks");
    await after(slow ? slow.seconds ?? 5 : 0.2);
    const answer = all ? await this.configure() : {httpStatus: 0};
    if (answer.unconfirmed) return this.close();
    if (answer.media) return this.tell("Reel shared", word("shared"), button("Done", () => this.close(), "solid"));
    if (!answer.httpStatus) return this.tell("Something went wrong", word("please again"), button("Try again", () => this.share(), "solid"));
    this.tell("not shared", answer.message, button("Try again", () => this.share(), "solid"));
  }

  async configure() {
    for (;;) {
      const answer = await ask("www/api/v1/media/configure_to_clips/", {upload_id: this.uploadId, caption: this.caption.editor.text,
        crop: this.crop, is_aigc: this.ai.checked});
      if (answer.httpStatus !== 202) return answer;
      await after(kAsksAgainAfter);
    }
  }
}

// ---- which page it is ------------------------------------------------------------------------------

async function stageOpening() {
  const fault = await strikes("web_tour", "web_cookies", "web_crash");
  if (fault?.kind === "web_cookies")
    cookieBanner("ig-cookie-banner", "100vh", "Allow the use of cookies from Practicegram on this browser?", "Decline optional cookies", "Allow all cookies");
  if (fault?.kind === "web_crash") setTimeout(crash, (fault.seconds ?? 3) * 1000);
  if (fault?.kind !== "web_tour") return;
  await after(fault.seconds ?? 1);
  question(word("Turn on Notifications"), "", ["Turn On", nothing], ["Not Now", nothing]);
}

const parts = location.pathname.slice(www.length).split("/").filter(Boolean);
const reel = parts.indexOf("reel");
if (!parts.length) showHome();
else if (reel >= 0 && parts[reel + 1]) showReel(parts[reel + 1]);
else if (parts.length === 1 || parts[1] === "reels") showProfile(parts[0]);
else noPage();
stageOpening();
