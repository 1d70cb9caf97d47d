// One practice post, as a person would look at it.
"use strict";

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

async function show() {
  const place = document.getElementById("post");
  const id = new URLSearchParams(location.search).get("v");
  const posts = await (await fetch("/practice/posts")).json();
  const post = posts.find((one) => one.post_id === id);
  if (!post) {
    place.append(make("h1", "", "There is no such post"),
      make("p", "", "It was never made, or the practice platforms were reset."));
    return;
  }
  document.title = post.title;
  const video = make("video", "");
  video.controls = true;
  video.preload = "metadata";
  video.src = `/media/${encodeURIComponent(post.post_id)}.mp4`;
  const facts = make("dl", "");
  for (const [name, value] of [["Post", post.post_id], ["Size", `${post.size.toLocaleString()} bytes`],
    ["SHA-256", post.sha256], ["Received", new Date(post.received_at).toLocaleString()]])
    facts.append(make("dt", "", name), make("dd", "mono", value));
  place.append(video, make("h1", "", post.title), make("p", "", `${post.platform}, practised`),
    make("p", "caption", post.caption), facts);
}
show();
