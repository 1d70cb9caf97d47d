// Editors with a model of their own: what is typed changes the model, and the page is drawn anew out of it. What
// is done to the page behind their back is lost with the next letter.
"use strict";

/**
 * Draws its lines by `line(text)` and keeps text and cursor; `onchange` is told after each change. The lines are
 * boxes in `box`; or, in one `paragraph` there, with <br> between them.
 */
class ModelEditor {
  constructor(box, {line, onchange, paragraph = null}) {
    Object.assign(this, {box, line, onchange, paragraph, lines: [], text: "", from: 0, to: 0});
    if (paragraph) box.append(paragraph);
    box.addEventListener("beforeinput", (event) => this.type(event));
    document.addEventListener("selectionchange", () => this.readCursor());
    this.draw();
  }

  set(text) {
    this.text = text;
    this.from = this.to = text.length;
    this.draw();
  }

  /** The place in the text of a place in the page. */
  placeOf(node, offset) {
    const start = (count) => this.lines.slice(0, count).reduce((sum, one) => sum + one.dataset.length * 1 + 1, 0);
    if (node === this.box && this.paragraph) return offset === 0 ? 0 : this.text.length;
    if (node === this.paragraph)  // behind a line, or behind the <br> that follows it
      return Math.min(this.text.length, start(Math.ceil(offset / 2)) - offset % 2);
    if (node === this.box) return Math.min(this.text.length, start(offset));
    const at = this.lines.findIndex((one) => one.contains(node));
    if (at < 0) return this.text.length;
    const range = document.createRange();
    range.setStart(this.lines[at], 0);
    range.setEnd(node, offset);
    return Math.min(this.text.length, start(at) + range.toString().length);
  }

  readCursor() {
    const selected = getSelection();
    if (this.drawing || !selected.rangeCount || !this.box.contains(selected.anchorNode)) return;
    const range = selected.getRangeAt(0);
    this.from = this.placeOf(range.startContainer, range.startOffset);
    this.to = this.placeOf(range.endContainer, range.endOffset);
  }

  type(event) {
    event.preventDefault();
    this.readCursor();
    const kind = event.inputType;
    if (kind.startsWith("delete")) return this.replace("", kind.includes("Forward") ? 1 : -1);
    if (kind === "insertParagraph" || kind === "insertLineBreak") return this.replace("\n", 0);
    const text = event.data ?? event.dataTransfer?.getData("text/plain");
    if (kind.startsWith("insert") && text) this.replace(text.replaceAll("\r\n", "\n"), 0);
  }

  /** What is selected becomes `text`; of nothing, the letter before (-1) or after (1) does. */
  replace(text, reach) {
    if (this.from === this.to && reach < 0)
      this.from -= ([...this.text.slice(0, this.from)].at(-1) ?? "").length;
    if (this.from === this.to && reach > 0)
      this.to += ([...this.text.slice(this.to)].at(0) ?? "").length;
    this.text = this.text.slice(0, this.from) + text + this.text.slice(this.to);
    this.from = this.to = this.from + text.length;
    this.draw();
    this.onchange();
  }

  draw() {
    this.drawing = true;
    this.lines = this.text.split("\n").map((text) => {
      const line = this.line(text);
      line.dataset.length = text.length;
      return line;
    });
    if (this.paragraph) {
      this.paragraph.replaceChildren(...this.lines.flatMap((line) => [line, make("br")]));
      if (this.text && !this.text.endsWith("\n")) this.paragraph.lastChild.remove();  // else it gives the last line its height
    } else {
      this.box.replaceChildren(...this.lines);
    }
    if (document.activeElement === this.box) this.putCursor();
    this.drawing = false;
  }

  putCursor() {
    const before = this.text.slice(0, this.to).split("\n");
    const line = this.lines[before.length - 1];
    const letters = document.createTreeWalker(line, NodeFilter.SHOW_TEXT).nextNode();
    getSelection().collapse(letters ?? line, letters ? before.at(-1).length : 0);
  }
}
