// What is done inside a page that is driven (uploaders/browser/page.h), in a world of its own: the page's scripts
// cannot see it. It looks, and scrolls.
globalThis.asfs ??= {
  // One look at the page: its elements in their order, through open shadow roots, and what is read in them.
  look() {
    const all = [], roots = [], known = new Map();
    const through = root => {
      roots.push(root);
      for (const element of root.querySelectorAll('*')) {
        all.push(element);
        if (element.shadowRoot) through(element.shadowRoot);
      }
    };
    through(document);
    const read = element => {
      if (!known.has(element)) known.set(element, this.plain(element.innerText ?? element.textContent));
      return known.get(element);
    };
    return {all, roots, read};
  },
  // All that match, in the order of the page.
  find(locator, {all, roots, read} = this.look()) {
    const {css, text, exact, visible} = locator;
    if (css) {
      const found = new Set(roots.flatMap(root => [...root.querySelectorAll(css)]));
      return all.filter(element => found.has(element) && this.fits(element, locator));
    }
    const wanted = this.plain(text);
    const says = element => exact ? read(element) === wanted : read(element).includes(wanted);
    let silent = null;  // what does not say it has nothing in it that does, and can be seen
    return all.filter(element => {
      if (silent?.contains(element)) return false;
      if (visible && !read(element).includes(wanted)) silent = element;
      return says(element) && ![...element.children].some(says) && this.fits(element, locator);
    });
  },
  // Of each list of locators whether one of them finds something; a wrong one finds nothing.
  finds(lists) {
    const look = this.look();
    const finds = locator => {
      try {
        return this.find(locator, look).length > 0;
      } catch {
        return false;
      }
    };
    return lists.map(list => list.some(finds));
  },
  fits(element, {visible, within}) {
    return element.isConnected && (!visible || this.is_visible(element)) && (!within || this.is_within(element, within));
  },
  // The text or an attribute of what is in an element, or of itself without `css`; '' for nothing.
  cell(element, css, attribute) {
    const look = root => {
      const here = root.querySelector(css);
      if (here) return here;
      for (const inner of root.querySelectorAll('*')) {
        const found = inner.shadowRoot && look(inner.shadowRoot);
        if (found) return found;
      }
      return root.shadowRoot ? look(root.shadowRoot) : null;
    };
    const found = css ? look(element) : element;
    if (!found) return '';
    return attribute ? found.getAttribute(attribute) ?? '' : found.innerText ?? found.textContent ?? '';
  },
  plain(text) {
    return (text ?? '').replace(/[\s\u00a0]+/g, ' ').trim().toLowerCase();
  },
  // The element around it, also out of a shadow root.
  around(element) {
    return element.assignedSlot ?? element.parentElement ?? element.getRootNode().host ?? null;
  },
  is_within(element, css) {
    for (let at = this.around(element); at; at = this.around(at)) if (at.matches(css)) return true;
    return false;
  },
  is_visible(element) {
    return element.checkVisibility({checkVisibilityCSS: true}) &&
        [...element.getClientRects()].some(box => box.width > 0 && box.height > 0);
  },
  name_of(element) {
    const words = element.getAttribute('aria-label') || element.innerText || element.id || element.className || '';
    const name = String(words).replace(/\s+/g, ' ').trim().slice(0, 60);
    return `<${element.localName}>` + (name ? ` "${name}"` : '');
  },
  // Scrolled into view and still for two frames: where its middle is; null while it moves or has no size.
  async place(element) {
    const frame = () => new Promise(done => requestAnimationFrame(done));
    const box = () => JSON.stringify(element.getBoundingClientRect());
    element.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
    const before = box();
    await frame();
    await frame();
    const at = element.getBoundingClientRect();
    if (box() !== before || at.width === 0 || at.height === 0) return null;
    return {x: at.left + at.width / 2, y: at.top + at.height / 2};
  },
  // What lies over its middle; '' when it is the element itself, or in it.
  covered_by(element, x, y) {
    const top = element.getRootNode().elementFromPoint(x, y);
    for (let at = top; at; at = this.around(at)) if (at === element) return '';
    return top ? this.name_of(top) : 'the edge of the window';
  },
  text_in(element) {
    if (element.matches('input, textarea, select')) return element.value;
    const blocks = [...element.querySelectorAll('[data-block="true"]')];
    return blocks.length ? blocks.map(block => block.innerText.replace(/\n$/, '')).join('\n') : element.innerText;
  },
  // Notes the file that the next change brings: many pages take it out of the input at once.
  watch_file(element) {
    this.files ??= new WeakMap();
    this.files.delete(element);
    const note = () => {
      const file = element.files[0];
      if (file && !this.files.has(element)) this.files.set(element, {name: file.name, size: file.size});
    };
    for (const event of ['input', 'change']) element.addEventListener(event, note, {capture: true, once: true});
  },
  file_in(element) {
    return this.files?.get(element) ?? null;
  },
};
