// The upload dialog of YouTube Studio, for practice.
"use strict";

Object.assign(kWords, {
  "Select files": ["Select files", "Dateien auswählen"], Details: ["Details", "Details"],
  "Video elements": ["Video elements", "Videoelemente"], Checks: ["Checks", "Prüfung"],
  "Save and close": ["Save and close", "Speichern und schließen"], Next: ["Next", "Weiter"], Back: ["Back", "Zurück"],
  Publish: ["Publish", "Veröffentlichen"], Save: ["Save", "Speichern"], "Title (required)": ["Title (required)", "Titel (erforderlich)"],
  "title hint": ["Add a title that describes your video (type @ to mention a channel)",
    "Füge einen Titel hinzu, der dein Video beschreibt"],
  Description: ["Description", "Beschreibung"],
  "description hint": ["Tell viewers about your video (type @ to mention a channel)", "Stelle den Zuschauern dein Video vor"],
  Audience: ["Is this video made for kids? (required)", "Ist dieses Video speziell für Kinder? (erforderlich)"],
  MFK: ["Yes, it’s made for kids", "Ja, es ist speziell für Kinder"],
  NOT_MFK: ["No, it’s not made for kids", "Nein, es ist nicht speziell für Kinder"],
  "Show more": ["Show more", "Mehr anzeigen"], "Show less": ["Show less", "Weniger anzeigen"],
  AI: ["Use of AI", "Einsatz von KI"], YES: ["Yes, AI was used", "Ja, KI wurde eingesetzt"], NO: ["No", "Nein"],
  Tags: ["Tags", "Tags"], "Video link": ["Video link", "Videolink"], Filename: ["Filename", "Dateiname"],
  "no audience": ["This field is required", "Dieses Feld ist ein Pflichtfeld"],
  "Daily upload limit reached": ["Daily upload limit reached", "Tägliches Uploadlimit erreicht"],
  "Something went wrong": ["Something went wrong", "Ein Fehler ist aufgetreten"],
  "Upload complete": ["Upload complete ... Processing will begin shortly", "Upload abgeschlossen … Verarbeitung beginnt in Kürze"],
  Interrupted: ["Upload interrupted ... Select the same file to resume", "Upload unterbrochen … Wähle dieselbe Datei aus"],
  "Processing up to HD": ["Processing up to HD", "Verarbeitung bis HD"],
  "Checks complete": ["Checks complete. No issues found.", "Prüfung abgeschlossen. Keine Probleme gefunden."],
  "Still checking": ["We’re still checking your content", "Wir prüfen deine Inhalte noch"],
  "Go back": ["Go back", "Zurück"], "Publish anyway": ["Publish anyway", "Trotzdem veröffentlichen"],
  "Video published": ["Video published", "Video veröffentlicht"], "Video saved": ["Video saved", "Video gespeichert"],
  "Video processing": ["Video processing", "Video wird verarbeitet"], Close: ["Close", "Schließen"],
  "Got it": ["Got it", "Ok, verstanden"], Welcome: ["Welcome to YouTube Studio", "Willkommen in YouTube Studio"],
  "Reject all": ["Reject all", "Alle ablehnen"], "Accept all": ["Accept all", "Alle akzeptieren"],
});

const kSteps = ["DETAILS", "VIDEO_ELEMENTS", "CHECKS", "REVIEW"];
const kStepNames = ["Details", "Video elements", "Checks", "Visibility"];
const kTitleComesAfter = 0.8, kChecksLast = 0.6, kStepTakes = 0.12;

const uploadingText = (part, minutes) => layoutB ? `${Math.floor(part * 100)} % wird hochgeladen … noch ${minutes} Minute`
  : `Uploading ${Math.floor(part * 100)}% ... ${minutes} minute left`;
const checkingText = (part) => layoutB ? `Video wird geprüft … ${Math.floor(part * 100)} %` : `Checking ${Math.floor(part * 100)}% ... 1 minute left`;

/** A box for text. Layout B keeps it in a closed shadow root, where only role and name lead to it. */
function textBox(id, label, hint) {
  const box = make("div", {id: "textbox", contenteditable: "true", role: "textbox", "aria-label": word(hint), "aria-required": id === "title-textarea"});
  let outer;
  if (layoutB) {
    outer = make("ytcp-mention-textbox", {label: word(label)});
    const style = make("style");
    style.textContent = "div{min-height:24px;outline:none;white-space:pre-wrap;overflow-wrap:anywhere}";
    outer.attachShadow({mode: "closed"}).append(style, box);
  } else {
    outer = make("ytcp-social-suggestions-textbox", {id}, make("div", {class: "label"}, word(label)), box);
  }
  // A list of channels or hashtags comes up under what is typed, until the box is left.
  const list = make("div", {class: "suggestions", hidden: true}, "# …");
  if (!layoutB) outer.append(list);
  box.addEventListener("input", () => { list.hidden = !/[#@]\S*$/.test(outer.text()); });
  box.addEventListener("blur", () => { list.hidden = true; });
  outer.text = () => box.innerText.replaceAll("\u00a0", " ").replace(/\n$/, "");
  outer.set = (text) => { box.textContent = text; };
  return outer;
}

function radios(attributes, names, onchange) {
  const group = make("tp-yt-paper-radio-group", {role: "radiogroup", ...attributes});
  for (const [name, text] of names)
    group.append(make("tp-yt-paper-radio-button", {name, "aria-label": text}, text));
  group.addEventListener("change", () => onchange(group.chosen()));
  group.choose = (place) => group.children[place]?.setAttribute("aria-checked", "true");
  group.chosen = () => [...group.children].findIndex((one) => one.getAttribute("aria-checked") === "true");
  return group;
}

const section = (title, ...inside) => make("div", {class: "section"}, make("h3", {}, word(title)), ...inside);

function openUploads(draft) {
  if (document.querySelector("ytcp-uploads-dialog")) return;
  const dialog = document.createElement("ytcp-uploads-dialog");
  if (draft) dialog.draft = draft;
  document.body.append(make("tp-yt-iron-overlay-backdrop", {id: "uploads-backdrop"}), dialog);
}

customElements.define("ytcp-uploads-dialog", class extends HTMLElement {
  connectedCallback() {
    this.progress = make("span", {class: "progress-label"});
    const label = make("ytcp-video-upload-progress", {class: layoutB ? null : "progress-label"}, this.progress);
    this.titleLine = make("h1", {id: "dialog-title"}, word("Upload videos"));
    this.body = make("div", {class: "dialog-body"});
    this.back = polymerButton("back-button", word("Back"), () => this.goTo(this.at - 1));
    this.next = polymerButton("next-button", word("Next"), () => this.goOn(), {class: "primary"});
    this.done = polymerButton("done-button", word("Save"), () => this.publish(), {class: "primary"});
    this.append(make("tp-yt-paper-dialog", {role: "dialog", "aria-label": word("Upload videos")},
      make("div", {class: "dialog-header"}, this.titleLine,
        make("ytcp-icon-button", {id: layoutB ? null : "ytcp-uploads-dialog-close-button", role: "button", "aria-label": word("Save and close"), onclick: () => this.close()}, "✕")),
      this.body,
      make("div", {class: "dialog-footer"}, label, make("div", {class: "space"}), this.back, this.next, this.done)));
    for (const one of [this.back, this.next, this.done]) one.hidden = true;
    this.state = "new";
    if (this.draft) this.reopen(this.draft);
    else this.pickFile();
    this.stageOpening();
  }

  async stageOpening() {
    const fault = await strikes("web_tour", "web_cookies", "web_crash");
    if (fault?.kind === "web_cookies")
      cookieBanner("ytd-consent-bump-v2-lightbox", "Before you continue: cookies.", word("Reject all"), word("Accept all"));
    if (fault?.kind === "web_crash") setTimeout(crash, (fault.seconds ?? 3) * 1000);
    if (fault?.kind !== "web_tour") return;
    await after(fault.seconds ?? 1);
    const tour = smallDialog("ytcp-warm-welcome-dialog", {title: word("Welcome")}, make("p", {}, "…"),
      make("div", {class: "buttons"}, polymerButton("dismiss-button", word("Got it"), () => tour.close())));
  }

  // ---- the file ----

  pickFile() {
    this.setAttribute("workflow-step", "SELECT_FILES");
    const input = make("input", {type: "file", name: layoutB ? null : "Filedata", multiple: true, hidden: true});
    input.addEventListener("change", () => { if (input.files[0]) this.take(input.files[0]); });
    this.body.replaceChildren(make("ytcp-uploads-file-picker", {id: "ytcp-uploads-dialog-file-picker"}, input,
      make("div", {}, "⇪"), make("div", {}, "Drag and drop video files to upload"),
      polymerButton("select-files-button", word("Select files"), () => input.click(), {class: "primary"})));
  }

  fail(text) {
    this.querySelector(".error-area")?.remove();
    this.body.prepend(make("div", {class: "error-area", role: "alert"}, text));
  }

  async take(file) {
    if (this.videoId) return this.send(file);
    const answer = await ask("studio/youtubei/v1/upload/createvideo", {name: file.name, size: file.size});
    if (!answer.videoId) return this.fail(answer.error?.status === "UPLOAD_LIMIT" ? word("Daily upload limit reached") : word("Something went wrong"));
    this.videoId = answer.videoId;
    this.fileName = file.name;
    this.build();
    this.comeUpWithTitle(file.name.replace(/\.[^.]*$/, ""));
    const fault = await strikes("web_guard");
    if (fault) guard.always = true;
    this.send(file);
  }

  /** Studio's own title, out of the file's name, comes late, and over whatever stands there by then. */
  async comeUpWithTitle(title) {
    await after(kTitleComesAfter);
    this.titleBox.set(title);
    const fault = await strikes("web_late_title");
    if (!fault) return;
    await after(fault.seconds ?? 1.2);
    this.titleBox.set(title);
  }

  async send(file) {
    this.state = "sending";
    guard.on = true;
    this.progress.textContent = uploadingText(0, 1);
    const all = await transfer(file, `studio/upload?upload_id=${this.videoId}`,
      (part) => { this.progress.textContent = uploadingText(part, 1); });
    guard.on = false;
    if (!all) this.progress.textContent = word("Interrupted");
    else this.check();
  }

  async check() {
    this.state = "checking";
    this.progress.textContent = word("Upload complete");
    const fault = await strikes("web_slow_checks");
    const lasts = fault ? fault.seconds ?? 5 : kChecksLast;
    await after(0.2);
    for (let part = 0; part < 1; part += 0.1) {
      this.progress.textContent = checkingText(part);
      await after(lasts / 10);
    }
    this.state = "checked";
    this.progress.textContent = word("Checks complete");
  }

  async reopen(video) {
    this.videoId = video.videoId;
    this.fileName = video.fileName;
    this.build();
    this.titleBox.set(video.title);
    this.descriptionBox.set(video.description);
    if (video.received >= video.size) return this.check();
    const input = make("input", {type: "file", name: "Filedata", hidden: true});
    input.addEventListener("change", () => { if (input.files[0]?.size === video.size) this.take(input.files[0]); });
    this.body.append(make("ytcp-uploads-file-picker", {style: "height:auto"}, input));
    this.progress.textContent = word("Interrupted");
  }

  // ---- the steps ----

  build() {
    const address = `https://youtu.be/${this.videoId}`;
    this.stepper = make("div", {class: "stepper"}, ...kStepNames.map((name) => make("span", {}, word(name))));
    this.pages = [this.details(), make("div", {}, make("p", {}, "Subtitles, end screen, cards")),
      make("div", {}, make("p", {}, word("Checks"))), this.review()];
    this.body.replaceChildren(this.stepper, make("div", {class: "columns-in"}, make("div", {}, ...this.pages),
      make("ytcp-video-info", {}, make("div", {class: "player"}), make("div", {class: "facts"},
        make("div", {class: "label"}, word("Video link")),
        make("span", {class: "video-url-fadeable"}, make("a", {href: `${location.origin}${context.root}www/youtu.be/${this.videoId}`}, address)),
        make("div", {class: "label"}, word("Filename")), make("div", {}, this.fileName)))));
    this.goTo(0);
  }

  details() {
    this.titleBox = textBox("title-textarea", "Title (required)", "title hint");
    this.descriptionBox = textBox("description-textarea", "Description", "description hint");
    const thumbnail = make("ytcp-thumbnail-uploader", {}, make("input", {type: "file", id: "file-loader", accept: "image/jpeg,image/png", hidden: true}),
      make("span", {class: "label"}, "Thumbnail"));
    const name = (value) => layoutB ? null : `VIDEO_MADE_FOR_KIDS_${value}`;
    this.audience = radios({}, [[name("MFK"), word("MFK")], [name("NOT_MFK"), word("NOT_MFK")]],
      () => this.querySelector(".field-error")?.remove());
    this.audienceBox = make("div", {id: layoutB ? null : "audience"}, make("ytkc-made-for-kids-select", {}, this.audience));
    this.more = make("div", {hidden: true}, ...(layoutB ? [] : [this.altered()]), this.tagsBox());
    this.toggle = polymerButton("toggle-button", word("Show more"), () => {
      this.more.hidden = !this.more.hidden;
      this.toggle.rename(word(this.more.hidden ? "Show more" : "Show less"));
    });
    return make("div", {}, this.titleBox, this.descriptionBox, thumbnail, section("Audience", this.audienceBox),
      layoutB ? this.altered() : "", this.toggle, this.more);
  }

  altered() {
    this.ai = radios({}, ["YES", "NO"].map((name) => [`VIDEO_HAS_ALTERED_CONTENT_${name}`, word(name)]), () => {});
    return make("ytkp-altered-content-select", {id: layoutB ? null : "altered-content"}, section("AI", this.ai));
  }

  tagsBox() {
    this.tags = [];
    const input = layoutB ? make("input", {"aria-label": word("Tags")}) : make("input", {id: "text-input", "aria-label": word("Tags")});
    const box = make("div", {id: layoutB ? null : "tags-container", class: "tags"}, input);
    const take = () => {
      for (const tag of input.value.split(",").map((one) => one.trim()).filter(Boolean)) {
        this.tags.push(tag);
        input.before(make("span", {class: "chip"}, tag));
      }
      input.value = "";
    };
    input.addEventListener("input", () => { if (input.value.includes(",")) take(); });
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") take(); });
    input.addEventListener("blur", take);
    return section("Tags", box);
  }

  review() {
    this.privacy = radios({id: layoutB ? null : "privacy-radios"},
      ["PRIVATE", "UNLISTED", "PUBLIC"].map((name) => [name, word(name)]),
      (chosen) => this.done.rename(word(chosen === 2 ? "Publish" : "Save")));
    return section("Visibility", this.privacy);
  }

  goTo(place) {
    this.at = place;
    this.setAttribute("workflow-step", kSteps[place]);
    this.pages.forEach((page, one) => { page.hidden = one !== place; });
    [...this.stepper.children].forEach((name, one) => name.classList.toggle("here", one === place));
    this.titleLine.textContent = this.titleBox.text() || this.fileName;
    this.back.hidden = place === 0;
    this.next.hidden = place === kSteps.length - 1;
    this.done.hidden = !this.next.hidden;
    if (!this.done.hidden) this.stageReview();
  }

  async stageReview() {
    const fault = await strikes("web_overlay", "web_dialog");
    if (fault?.kind === "web_overlay") coverWhenReached(this.done);
    if (fault?.kind === "web_dialog") strangeDialog();
  }

  async goOn() {
    if (this.audience.chosen() < 0) {
      if (!this.querySelector(".field-error")) this.audienceBox.append(make("div", {class: "field-error"}, word("no audience")));
      return;
    }
    this.next.enable(false);
    await this.save(false);
    await after(kStepTakes);
    this.next.enable(true);
    this.goTo(this.at + 1);
  }

  save(publish) {
    const snippet = {title: this.titleBox.text(), description: this.descriptionBox.text(), tags: this.tags};
    const status = {};
    if (this.audience.chosen() >= 0) status.selfDeclaredMadeForKids = this.audience.chosen() === 0;
    if (this.ai.chosen() >= 0) status.containsSyntheticMedia = this.ai.chosen() === 0;
    if (this.privacy.chosen() >= 0) status.privacyStatus = ["private", "unlisted", "public"][this.privacy.chosen()];
    return ask("studio/youtubei/v1/video_manager/metadata_update", {videoId: this.videoId, snippet, status, publish});
  }

  // ---- the end ----

  publish(anyway = false) {
    if (this.privacy.chosen() < 0) return this.fail(word("no audience"));
    if (this.state !== "checking" || anyway) return this.send_it();
    const question = smallDialog("ytcp-prechecks-warning-dialog", {title: word("Still checking")},
      make("p", {}, "…"), make("div", {class: "buttons"},
        polymerButton("primary-action-button", word("Go back"), () => question.close()),
        polymerButton("secondary-action-button", word("Publish anyway"), () => { question.close(); this.publish(true); })));
  }

  async send_it() {
    this.done.enable(false);
    const answer = await this.save(true);
    this.done.enable(true);
    if (answer.state === "UNCONFIRMED") return;
    if (answer.httpStatus !== 200) return this.fail(answer.error?.message ?? word("Something went wrong"));
    this.close();
    if (answer.state === "PROCESSING")
      return this.tell("ytcp-uploads-still-processing-dialog", "Video processing", "uploads-still-processing-dialog-title");
    this.tell("ytcp-video-share-dialog", this.privacy.chosen() === 2 ? "Video published" : "Video saved", "dialog-title");
  }

  tell(tag, title, titleId) {
    const link = `${location.origin}${context.root}www/youtu.be/${this.videoId}`;
    const told = smallDialog(tag, {title: word(title), titleId}, make("a", {id: "share-url", href: link}, `https://youtu.be/${this.videoId}`),
      make("div", {class: "buttons"}, polymerButton("close-button", word("Close"), () => told.close())));
  }

  /** What is being sent goes on. */
  close() {
    document.getElementById("uploads-backdrop")?.remove();
    this.remove();
  }
});
