// YouTube Studio, for practice: the frame around all pages, the list of videos, and the page of one.
"use strict";

const kWords = {
  "Upload videos": ["Upload videos", "Videos hochladen"], Create: ["Create", "Erstellen"],
  Dashboard: ["Dashboard", "Dashboard"], Content: ["Content", "Inhalte"], "Channel content": ["Channel content", "Kanalinhalte"],
  Videos: ["Videos", "Videos"], Shorts: ["Shorts", "Shorts"], "No content available": ["No content available", "Keine Inhalte"],
  PUBLIC: ["Public", "Öffentlich"], UNLISTED: ["Unlisted", "Nicht gelistet"], PRIVATE: ["Private", "Privat"],
  DRAFT: ["Draft", "Entwurf"], PENDING: ["Pending", "Ausstehend"], "Edit draft": ["Edit draft", "Entwurf bearbeiten"],
  Visibility: ["Visibility", "Sichtbarkeit"], "Video details": ["Video details", "Videodetails"],
};
const word = (name) => inWords(kWords, name);
const channelHome = `${context.root}studio/channel/${context.channel}/`;
const editAddress = (id) => `${context.root}studio/video/${id}/edit`;

/** A button of Polymer's: the outer element has the id and the state, the inner one is pressed. */
function polymerButton(id, label, press, more = {}) {
  const inner = make("button", {"aria-label": label}, label);
  const outer = make("ytcp-button", {id: layoutB && !more.keep ? null : id, ...more, keep: null}, inner);
  outer.enable = (on) => {
    inner.disabled = !on;
    for (const one of [outer, inner]) one.setAttribute("aria-disabled", String(!on));
    outer.toggleAttribute("disabled", !on);
  };
  outer.rename = (to) => { inner.textContent = to; inner.setAttribute("aria-label", to); };
  outer.enable(true);
  inner.addEventListener("click", press);
  return outer;
}

customElements.define("tp-yt-paper-radio-button", class extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.setAttribute("role", "radio");
    this.setAttribute("aria-checked", "false");
    this.tabIndex = 0;
    const root = this.attachShadow({mode: "open"});
    root.innerHTML = "<style>i{display:inline-block;width:14px;height:14px;margin-right:8px;border:2px solid #606060;" +
      "border-radius:50%;vertical-align:-3px}:host([aria-checked=true]) i{border:5px solid #0d0d0d}</style>" +
      "<i id=radioContainer></i><slot></slot>";
    this.addEventListener("click", () => {
      for (const other of this.parentElement.querySelectorAll(this.localName))
        other.setAttribute("aria-checked", String(other === this));
      this.dispatchEvent(new Event("change", {bubbles: true}));
    });
  }
});

/** A dialog over all others, with its backdrop; `close()` takes both away. */
function smallDialog(tag, {id, title, titleId}, ...inside) {
  const backdrop = make("tp-yt-iron-overlay-backdrop");
  backdrop.style.zIndex = 120;
  const outer = make(tag, {}, make("tp-yt-paper-dialog", {id, role: "dialog", "aria-modal": "true", "aria-label": title, class: "small"},
    make("h1", {id: titleId}, title), ...inside));
  outer.close = () => { outer.remove(); backdrop.remove(); };
  document.body.append(backdrop, outer);
  return outer;
}

// ---- the frame -------------------------------------------------------------------------------------

function openMenu(header) {
  const item = make("tp-yt-paper-item", {role: "menuitem", tabindex: 0, "test-id": layoutB ? null : "upload", id: "text-item-0",
    onclick: () => { menu.remove(); openUploads(); }}, word("Upload videos"));
  const menu = make("tp-yt-paper-listbox", {role: "menu"}, item);
  header.append(menu);
}

function frame(here, ...inside) {
  const header = make("ytcp-header", {}, make("div", {class: "logo"}, make("b", {}, "▶"), "Practice Studio"));
  if (!layoutB) header.append(make("ytcp-icon-button", {id: "upload-icon", role: "button", tabindex: 0,
    "aria-label": word("Upload videos"), onclick: () => openUploads()}, "⇪"));
  header.append(polymerButton("create-icon", word("Create"), () => openMenu(header), {keep: true}),
    layoutB ? make("ytcp-account-section", {}, make("span", {id: "account-name"}, context.account)) : "");
  const link = (name, to) => make("a", {href: to, class: here === name ? "here" : null}, word(name));
  const drawer = make("ytcp-navigation-drawer", {}, make("div", {class: "avatar"}),
    layoutB ? "" : make("div", {id: "entity-name", class: "who"}, context.account),
    link("Dashboard", channelHome), link("Content", channelHome + "videos/upload"));
  document.body.prepend(header, make("div", {class: "columns"}, drawer, make("main", {}, ...inside)));
}

// ---- the list --------------------------------------------------------------------------------------

const visibilityOf = (video) => word(video.state === "PUBLISHED" ? video.privacy.toUpperCase() : video.state);

function rowOf(video) {
  const to = editAddress(video.videoId);
  const row = make("ytcp-video-row", {}, make("a", {href: to, class: "thumbnail", "aria-label": "thumbnail"}),
    make("div", {}, make("a", {id: "video-title", href: to}, video.title), make("div", {class: "description"}, video.description)),
    make("div", {class: "tablecell-visibility"}, visibilityOf(video)),
    make("div", {class: "tablecell-date"}, new Date(video.timeCreated).toLocaleString(document.documentElement.lang)),
    make("div"));
  if (video.state === "DRAFT")
    row.lastChild.append(polymerButton("edit-draft-button", word("Edit draft"), () => openUploads(video)));
  return row;
}

async function showList(short) {
  const tab = (name, to, on) => make("a", {href: channelHome + to, class: on ? "here" : null, role: "tab"}, word(name));
  const section = make("ytcp-video-section-content");
  frame("Content", make("h1", {}, word("Channel content")),
    make("p", {class: "tabs"}, tab("Videos", "videos/upload", !short), tab("Shorts", "videos/short", short)), section);
  const {videos = []} = await ask("studio/youtubei/v1/creator/list_creator_videos", {});
  await after(0.1);
  if (short || !videos.length)
    section.append(make("div", {class: "no-content-header"}, word("No content available")));
  else
    section.append(...videos.map(rowOf));
}

// ---- one video -------------------------------------------------------------------------------------

async function showVideo(id) {
  const main = make("div");
  frame("Content", make("h1", {}, word("Video details")), main);
  const {videos = []} = await ask("studio/youtubei/v1/creator/get_creator_videos", {videoId: id});
  const video = videos[0];
  if (!video) return location.replace(channelHome + "videos/upload");
  main.append(make("h2", {id: "video-title"}, video.title), make("p", {style: "white-space:pre-wrap"}, video.description),
    make("ytcp-video-metadata-visibility", {}, make("div", {class: "label"}, word("Visibility")),
      make("div", {id: "visibility-text"}, visibilityOf(video))));
  if (video.state === "DRAFT")
    main.append(polymerButton("edit-draft-button", word("Edit draft"), () => openUploads(video)));
  else
    main.append(make("a", {href: `${context.root}www/youtu.be/${id}`, class: "video-link"}, `https://youtu.be/${id}`));
}

addEventListener("DOMContentLoaded", async () => {
  const video = location.pathname.match(/\/studio\/video\/([^/]+)/);
  const list = location.pathname.match(/\/videos\/(upload|short)$/);
  if (video) await showVideo(video[1]);
  else if (list) await showList(list[1] === "short");
  else frame("Dashboard", make("h1", {}, word("Dashboard")), make("p", {}, "Nothing leaves this computer."));
  if (!layoutB && new URLSearchParams(location.search).get("d") === "ud") openUploads();
});
