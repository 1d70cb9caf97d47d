// TikTok Studio, for practice: the upload page with its editor, and the list of posts.
"use strict";

const kWords = {
  "Select videos": ["Select videos", "Videos auswählen"], Post: ["Post", "Veröffentlichen"], "Save draft": ["Save draft", "Entwurf speichern"],
  Discard: ["Discard", "Verwerfen"], Description: ["Description", "Beschreibung"], Upload: ["Upload", "Hochladen"],
  Posts: ["Posts", "Beiträge"], Home: ["Home", "Startseite"], "Who can watch": ["Who can watch this post", "Wer kann diesen Beitrag sehen"],
  everyone: ["Everyone", "Jeder"], friends: ["Friends", "Freunde"], me: ["Only you", "Nur du"], "Only me": ["Only me", "Nur ich"],
  Uploaded: ["Uploaded", "Hochgeladen"], "Uploading": ["Uploading", "Wird hochgeladen"], "When to post": ["When to post", "Zeitpunkt"],
  Now: ["Now", "Jetzt"], Schedule: ["Schedule", "Planen"], Comment: ["Comment", "Kommentare"], "Reuse": ["Reuse of content", "Duett und Stitch"],
  "Show more": ["Show more", "Mehr anzeigen"], "AI-generated content": ["AI-generated content", "KI-generierte Inhalte"],
  Checks: ["Content check lite", "Inhaltsprüfung"], Checking: ["Checking in progress", "Wird geprüft"],
  "No issues found": ["No issues found", "Keine Probleme gefunden"], "Continue to post?": ["Continue to post?", "Trotzdem veröffentlichen?"],
  "Post now": ["Post now", "Jetzt veröffentlichen"], Cancel: ["Cancel", "Abbrechen"], "Turn on": ["Turn on", "Einschalten"],
  "Content under review": ["Content under review", "Inhalt wird überprüft"], "Got it": ["Got it", "Alles klar"], Skip: ["Skip", "Überspringen"],
  "was posted": ["Your video has been uploaded", "Dein Video wurde hochgeladen"], "Couldn't upload": ["Couldn't upload", "Hochladen fehlgeschlagen"],
  "old draft": ["A video you were editing wasn’t saved", "Ein bearbeitetes Video wurde nicht gespeichert"],
};
const word = (name) => inWords(kWords, name);
const www = context.root + "www/";
const kChecksLast = 0.6, kNoted = 0.5;
const e2e = (name) => ({"data-e2e": name});

window.__Creator_Center_Context__ = {commonAppContext: {user: {uniqueId: context.account, uid: context.uid}}};

function frame(here, ...inside) {
  const link = (name, to) => make("a", {href: www + to, class: here === name ? "here" : null}, word(name));
  document.body.prepend(make("div", {class: "app"}, make("nav", {}, make("div", {class: "logo"}, "♪ Practice Studio"),
    link("Upload", "tiktokstudio/upload"), link("Home", "tiktokstudio"), link("Posts", "tiktokstudio/content")), make("main", {}, ...inside)));
}

function toast(text, role = "status") {
  const bubble = make("div", {class: "toast", role}, text);
  document.body.append(bubble);
  setTimeout(() => bubble.remove(), 6000);
}

/** A question with buttons [name, does]; any of them closes it. */
function modal(title, ...buttons) {
  const overlay = make("div", {class: "TUXModal-overlay"}, make("div", {class: "TUXModal common-modal-confirm-modal", role: "dialog", "aria-modal": "true", "aria-label": title},
    make("h3", {}, title), make("div", {class: "buttons"}, ...buttons.map(([name, does], place) =>
      make("button", {class: place ? "red" : "grey", onclick: () => { overlay.remove(); does(); }}, name)))));
  document.body.append(overlay);
}
const nothing = () => {};

// ---- the editor ------------------------------------------------------------------------------------

/** As Draft.js draws a line. */
function draftLine(text) {
  const letters = make("span", {"data-text": "true"}, text || make("br"));
  return make("div", {"data-block": "true", "data-editor": "practice"},
    make("div", {class: "public-DraftStyleDefault-block public-DraftStyleDefault-ltr"}, make("span", {}, letters)));
}

function captionEditor() {
  const box = make("div", {class: "notranslate public-DraftEditor-content", contenteditable: "true", role: "combobox", spellcheck: "false", "aria-label": word("Description")});
  const outer = make("div", {class: "editor"}, box);
  let popup = null;
  const close = () => { popup?.remove(); popup = null; };
  const begun = () => editor.text.slice(0, editor.to).match(/[#@][\p{L}\p{N}_]*$/u)?.[0];
  const editor = new ModelEditor(box, {line: draftLine, onchange: () => {
    close();
    const tag = begun();
    if (!tag) return;
    popup = make("div", {class: tag[0] === "#" ? "hash-tag-topic" : "mention-list-popover"}, tag + "…", make("br"), tag + "fyp");
    outer.append(popup);
  }});
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key !== "Enter" || !popup) return;
    event.preventDefault();  // the suggestion takes the place of what was typed
    editor.from = editor.to - begun().length;
    editor.replace(popup.textContent.split("…")[1] + " ", 0);
  });
  box.addEventListener("blur", close);
  outer.editor = editor;
  return outer;
}

// ---- the upload page -------------------------------------------------------------------------------

function audienceSelect() {
  const names = {0: "everyone", 2: "friends", 1: "me"};
  const outer = make("div", {class: "select"});
  const button = make("button", {role: "combobox", "aria-expanded": "false", onclick: () => {
    if (outer.querySelector("[role=listbox]")) return;
    outer.append(make("div", {role: "listbox"}, ...[0, 2, 1].map((value) =>
      make("div", {role: "option", id: `option-"${value}"`, "data-value": value, onclick: () => choose(value)}, word(names[value])))));
  }});
  const choose = (value) => {
    outer.value = value;
    button.textContent = word(names[value]);
    outer.querySelector("[role=listbox]")?.remove();
  };
  outer.append(button);
  choose(0);
  return outer;
}

const card = (container, title, ...inside) => make("div", {...e2e(container), class: "card"}, make("h3", {}, word(title)), ...inside);

function check(name, role) {
  return make("label", {}, make("input", {type: "checkbox", role, "aria-label": word(name)}), " ", word(name), " ");
}

class Form {
  constructor(file, projectId) {
    Object.assign(this, {file, projectId, state: "sending"});
    this.caption = captionEditor();
    this.caption.editor.set(file.name.replace(/\.[^.]*$/, ""));
    this.audience = audienceSelect();
    this.status = make("div", {class: "info-status"});
    this.bar = make("div", {class: "info-progress"});
    this.checks = make("div", {class: "status-ready"});
    this.post = this.button("post_video_button", "Post", "red", () => this.click());
    this.more = make("div", {hidden: true}, make("div", e2e("aigc_container"), this.ai = check("AI-generated content", "switch")),
      make("div", e2e("disclose_content_container"), check("Disclose post content", "switch")));
    this.comment = check("Comment");
    this.element = make("div", {class: "form"},
      make("div", {...e2e("upload_status_container"), class: "card"}, make("b", {}, file.name), this.status, this.bar),
      make("div", {...(layoutB ? {} : e2e("caption_container")), class: "card"}, make("h3", {}, word("Description")), this.caption),
      card("video_visibility_container", "Who can watch", this.audience),
      card("schedule_container", "When to post", ...["post_now", "schedule"].map((value, place) => make("label", {},
        make("input", {type: "radio", name: "postSchedule", value, checked: place === 0}), word(place ? "Schedule" : "Now"), " "))),
      card("user_perm_container", "Comment", this.comment, check("Reuse")),
      make("div", {...e2e("advanced_settings_container"), class: "card"}, make("button", {class: "grey", onclick: () => { this.more.hidden = !this.more.hidden; }}, word("Show more")), this.more),
      card("copyright_container", "Checks", this.checks),
      make("div", {class: "buttons"}, this.post, this.button("save_draft_button", "Save draft", "grey", nothing),
        this.button("discard_post_button", "Discard", "grey", () => location.reload())));
    this.comment.firstChild.checked = true;
    this.enable(false);
  }

  button(name, title, look, does) {
    return make("button", {...(layoutB ? {} : e2e(name)), class: look, onclick: does}, word(title));
  }

  enable(on) {
    this.post.disabled = !on;
    this.post.setAttribute("aria-disabled", String(!on));
    this.post.setAttribute("data-disabled", String(!on));
  }

  async run() {
    guard.on = true;
    if (await strikes("web_guard")) guard.always = true;
    const show = (part) => {
      this.status.textContent = `${word("Uploading")} ${Math.floor(part * 100)}%`;
      this.bar.style.width = `${part * 100}%`;
    };
    show(0);
    if (!await transfer(this.file, `www/upload/bytes?upload_id=${this.projectId}`, show)) return toast(word("Couldn't upload"), "alert");
    this.bar.remove();
    this.status.replaceChildren(make("span", {"data-icon": "CheckCircleFill"}, "✓ "), `${word("Uploaded")} (${(this.file.size / 1e6).toFixed(2)}MB)`);
    if (!layoutB) this.status.classList.add("success");
    this.enable(true);
    await this.stage();
    await this.runChecks();
  }

  async stage() {
    const fault = await strikes("web_overlay", "web_dialog");
    if (fault?.kind === "web_overlay") coverWhenReached(this.post);
    if (fault?.kind === "web_dialog") strangeDialog();
  }

  async runChecks() {
    this.state = "checking";
    this.checks.className = "status-checking";
    this.checks.textContent = word("Checking");
    const fault = await strikes("web_slow_checks");
    await after(fault ? fault.seconds ?? 5 : kChecksLast);
    this.state = "checked";
    this.checks.className = "status-success";
    this.checks.textContent = word("No issues found");
  }

  /** The first click; while the checks run, a second one is wanted. */
  async click() {
    if (this.state === "posting") return;
    if (this.state === "checking" || await strikes("web_continue"))
      return modal(word("Continue to post?"), [word("Cancel"), nothing], [word("Post now"), () => this.publish()]);
    this.publish();
  }

  async publish() {
    this.state = "posting";
    const answer = await ask("www/tiktok/web/project/post/v1/", {project_id: this.projectId, text: this.caption.editor.text,
      visibility_type: this.audience.value, is_aigc: this.ai.firstChild.checked, disable_comment: !this.comment.firstChild.checked});
    this.state = "checked";
    if (answer.unconfirmed) return;
    if (answer.status_code !== 0)
      return modal(answer.httpStatus ? `${word("Couldn't upload")}: ${answer.status_msg}` : "Something went wrong", [word("Got it"), nothing]);
    if (!answer.single_post_resp_list && !await this.made()) return toast(word("Couldn't upload"), "alert");
    toast(word("was posted"));
    guard.on = false;
    await after(kNoted);
    location.assign(www + "tiktokstudio/content");
  }

  async made() {
    for (let times = 0; times < 60; times++) {
      await after(0.5);
      const answer = await fetch(`${www}tiktok/web/project/status/v1/?project_id=${this.projectId}`).then((one) => one.json()).catch(() => ({}));
      if (answer.project_status === 2 && answer.task_status === 2) return true;
    }
    return false;
  }
}

async function showUpload() {
  const input = make("input", {type: "file", accept: layoutB ? "video/mp4,video/quicktime,video/webm" : "video/*", hidden: true});
  const pick = make("div", {...(layoutB ? {class: "pick"} : e2e("select_video_container"))}, input,
    make("button", {...(layoutB ? {} : e2e("select_video_button")), class: "red", onclick: () => input.click()}, word("Select videos")));
  const main = make("div", {}, pick);
  frame("Upload", make("h1", {}, word("Upload")), main);
  input.addEventListener("change", async () => {
    const file = input.files[0];
    const answer = await ask("www/tiktok/web/project/create/v1/", {name: file.name, size: file.size});
    if (!answer.project_id) return toast(answer.status_msg ?? "Something went wrong", "alert");
    const form = new Form(file, answer.project_id);
    main.replaceChildren(form.element);
    form.run();
    if (await strikes("web_checks_offer"))
      modal("Turn on automatic content checks?", [word("Cancel"), nothing], [word("Turn on"), nothing]);
  });
  stageOpening(main);
}

async function stageOpening(main) {
  const fault = await strikes("web_draft_banner", "web_tour", "web_cookies", "web_crash");
  if (fault?.kind === "web_cookies")
    cookieBanner("tiktok-cookie-banner", "20vh", "Cookies make it practice.", "Decline optional cookies", "Allow all");
  if (fault?.kind === "web_crash") setTimeout(crash, (fault.seconds ?? 3) * 1000);
  if (fault?.kind === "web_draft_banner") {
    const discard = () => modal(word("Discard") + "?", [word("Cancel"), nothing], [word("Discard"), () => banner.remove()]);
    const banner = make("div", {class: "banner"}, make("span", {}, word("old draft")), make("button", {class: "grey", onclick: discard}, word("Discard")));
    main.before(banner);
  }
  if (fault?.kind !== "web_tour") return;
  const portal = make("div", {id: "react-joyride-portal"}, make("div", {class: "react-joyride__overlay"}));
  document.body.append(portal);
  await after(fault.seconds ?? 1);
  portal.append(make("div", {class: "react-joyride__tooltip", role: "alertdialog", "aria-label": "New editing features added"}, make("h3", {}, "New editing features added"),
    make("button", {class: "grey", "data-action": "skip", "aria-label": word("Skip"), onclick: () => portal.remove()}, word("Skip"))));
}

// ---- the list --------------------------------------------------------------------------------------

function rowOf(item) {
  const tt = (name) => (layoutB ? {} : {"data-tt": name});
  const time = new Date(item.post_time * 1000).toLocaleString(document.documentElement.lang);
  return make("div", {class: "row"}, make("div", {class: "cover"}, item.pinned ? "📌" : ""),
    make("a", {...tt("components_PostInfoCell_a"), href: `${www}@${context.account}/video/${item.item_id}`}, item.desc),
    make("span", tt("components_PublishStageLabel_TUXText"), item.in_reviewing ? word("Content under review") : time),
    make("button", tt("components_PrivacyCell_TUXButton"), word({0: "everyone", 1: "Only me", 2: "friends"}[item.visibility])));
}

async function showPosts() {
  const table = make("div", {...(layoutB ? {} : {"data-tt": "components_PostTable_Container"}), class: "card"});
  frame("Posts", make("h1", {}, word("Posts")), table);
  const {item_list: items = []} = await ask("www/tiktok/creator/manage/item_list/v1/", {cursor: 0, size: 50});
  await after(0.2);
  table.append(...items.map(rowOf), items.length ? "" : make("p", {class: "empty"}, "—"));
}

if (!signedOut) {
  if (location.pathname.endsWith("/upload")) showUpload();
  else if (location.pathname.endsWith("/content")) showPosts();
  else frame("Home", make("h1", {}, word("Home")), make("div", {"data-tt": "NewHome_UserInfo_Hover", class: "card"},
    make("a", {href: `/@${context.account}`}, context.account)));
} else {
  frame("Home", make("p", {}, "…"));
}
