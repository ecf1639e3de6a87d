/**
 * What is wrong on a page of phone or TV as it stands: check -> faults, each a sentence.
 * Evaluated in Chromium, Firefox and WebKit alike; changes nothing on the page.
 *
 * options: tv: whether it is the TV; scripts: languages -> scripts that their texts may have; words:
 * what must be there to read; settled: whether the focus must have gone to the alert by now.
 */
(options) => {
  const faults = {};
  const fault = (check, text) => {
    faults[check] = faults[check] || [];
    faults[check].push(text);
  };
  const alert = document.getElementById("alert");
  const covered = alert !== null && alert.getClientRects().length > 0;
  const phase = covered ? alert.getAttribute("data-phase") : "";
  const calm = covered && alert.getAttribute("data-surface") === "calm";
  const width = document.documentElement.clientWidth;
  const height = innerHeight;

  const visible = (one) => {
    if (one.getClientRects().length === 0) return false;
    if (one.closest("#live, #polite")) return false;
    const folded = one.closest("details:not([open])");
    if (folded && !one.closest("summary")) return false;
    for (let at = one; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.visibility === "hidden" || Number(style.opacity) < 0.1) return false;
    }
    const box = one.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  };
  const uncovered = (one) => !covered || one.closest("#page") === null;
  const named = (one) => {
    const text = (one.getAttribute("aria-label") || one.textContent || one.id || "").trim();
    return `${one.tagName.toLowerCase()} "${text.slice(0, 40)}"`;
  };
  const inView = (box) =>
    box.top >= -1 && box.left >= -1 && box.bottom <= height + 1 && box.right <= width + 1;

  /** A line's box has room for accents above its letters; that of its element may be smaller. */
  const overlap = (range, parent) => {
    const [a, b] = [range, parent].map((one) => one.getBoundingClientRect());
    return {
      left: Math.max(a.left, b.left),
      top: Math.max(a.top, b.top),
      right: Math.min(a.right, b.right),
      bottom: Math.min(a.bottom, b.bottom),
    };
  };
  /** Text nodes that can be read, with their elements and boxes. */
  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest("script, style, noscript, template, option")) continue;
    if (!visible(parent) || !uncovered(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    texts.push({ text: node.data.trim(), parent, box: overlap(range, parent) });
  }

  const rgba = (text) => {
    const found = text.match(/rgba?\(([\d.]+),? ([\d.]+),? ([\d.]+)(?:,? \/? ?([\d.]+))?\)/);
    return found && [1, 2, 3, 4].map((i) => (found[i] === undefined ? 1 : Number(found[i])));
  };
  /** The colour behind an element; null behind which is a picture or a pattern. */
  const ground = (one) => {
    const layers = [];
    for (let at = one; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const under = getComputedStyle(at, "::before");
      if (style.backgroundImage !== "none") return null;
      if (Number(under.zIndex) < 0 && under.backgroundImage !== "none") return null;
      const colour = rgba(style.backgroundColor);
      if (colour && colour[3] > 0) layers.push(colour);
      if (colour && colour[3] >= 1) break;
    }
    return layers.reduceRight(
      (below, above) => below.map((value, i) => above[3] * above[i] + (1 - above[3]) * value),
      [255, 255, 255],
    );
  };
  const luminance = (colour) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, share, i) => {
      const value = colour[i] / 255;
      return sum + share * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    }, 0);
  const contrast = (a, b) => {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };

  // The words of the state.
  const everything = texts.map(({ text }) => text).join("\n");
  for (const word of options.words)
    if (!everything.includes(word)) fault("words", `"${word}" cannot be read`);

  // A08: no text in the script of another language than the one it is marked with.
  for (const { text, parent } of texts) {
    const marked = parent.closest("[lang]");
    const language = marked ? marked.getAttribute("lang") : "";
    const scripts = options.scripts[language.split("-")[0]];
    if (!scripts) fault("A08", `"${text}" is in no language`);
    else {
      const allowed = scripts.map((name) => `\\p{Script=${name}}`).join("");
      const other = text.match(new RegExp(`[^${allowed}\\P{Alphabetic}\\p{Script=Common}\\p{Script=Inherited}]`, "u"));
      if (other) fault("A08", `"${text}" is marked as ${language}`);
    }
  }

  // A12: text 7:1; the shape of the level and the focus 3:1.
  for (const { text, parent } of texts) {
    const below = ground(parent);
    const colour = rgba(getComputedStyle(parent).color);
    if (parent.closest("svg, [disabled], [aria-disabled=true]") || !below || !colour) continue;
    const ratio = contrast(colour, below);
    if (ratio < 6.99) fault("A12", `"${text}" is ${ratio.toFixed(1)}:1`);
  }

  // A14: the level has a word and a shape, besides its colour.
  if (covered) {
    const shape = alert.querySelector("[data-shape] svg");
    if (!shape || !visible(shape)) fault("A14", `no shape in ${phase}`);
    else {
      const parts = Array.from(shape.querySelectorAll("*"));
      const below = ground(shape.parentElement) || [0, 0, 0];
      const best = parts.map((part) => {
        const style = getComputedStyle(part);
        return Math.max(...[style.fill, style.stroke].map((paint) => {
          const colour = rgba(paint);
          return colour ? contrast(colour, below) : 0;
        }));
      });
      if (Math.max(0, ...best) < 3) fault("A14", "the shape is hard to see");
    }
  }

  // A15: nothing reaches beyond the sides; action, stop and count are in the first view.
  const roots = [document.documentElement, document.body, ...(covered ? [alert] : [])];
  if (roots.some((one) => one.scrollWidth > one.clientWidth + 1)) fault("A15", "scrolls sideways");
  const heading = covered ? alert.querySelector("h1") : null;
  const buttons = covered
    ? Array.from(alert.querySelectorAll("button")).filter((one) => visible(one))
    : [];
  if (covered && (!heading || !visible(heading))) fault("A15", "no action");
  if (covered && !calm) {
    if (heading && !inView(heading.getBoundingClientRect())) fault("A15", "the action is cut");
    const stop = buttons.find((one) => inView(one.getBoundingClientRect()));
    if (!stop) fault("A15", "no button in the first view");
    const timer = alert.querySelector("[role=timer]");
    const count = timer && visible(timer) ? timer.textContent.replace(/\D/g, "") : "";
    const counted = ({ text, box }) => text.replace(/\D/g, "") === count && inView(box);
    if (count && !texts.some(counted)) fault("A15", "no count in the first view");
  }

  // Targets: what can be pressed is large enough.
  const FOCUSABLE =
    "button, a[href], input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const controls = Array.from(document.querySelectorAll(FOCUSABLE)).filter(
    (one) => !one.disabled && uncovered(one) && one.closest("[inert]") === null,
  );
  const least = options.tv && covered ? 96 * Math.min(width / 1920, height / 1080) : 48;
  for (const control of controls) {
    const label = control.closest("label") || (control.labels && control.labels[0]);
    const boxes = [control, label].filter((one) => one && visible(one));
    if (boxes.length === 0) continue;
    const sizes = boxes.map((one) => one.getBoundingClientRect());
    const tall = Math.max(...sizes.map((box) => box.height));
    const wide = Math.max(...sizes.map((box) => box.width));
    if (tall < least - 0.6 || wide < Math.min(least, 48) - 0.6)
      fault("targets", `${named(control)} is ${Math.round(wide)} x ${Math.round(tall)} px`);
  }

  // A16: on the TV inside the safe area, and large.
  if (options.tv) {
    const [x, y] = [(96 * width) / 1920, (54 * height) / 1080];
    for (const { text, parent, box } of texts) {
      if (parent.closest("svg, [aria-hidden=true]") && !covered) continue;
      if (!covered && !inView(box)) continue; // a list that is scrolled to where the focus is
      const over = box.left < x - 1 || box.right > width - x + 1;
      if (over || box.top < y - 1 || box.bottom > height - y + 1)
        fault("A16", `"${text}" is outside the safe area`);
      const size = parseFloat(getComputedStyle(parent).fontSize);
      if (covered && size < 40 * (width / 1920) - 0.1) fault("A16", `"${text}" is ${size} px`);
    }
    const coming = phase === "countdown" || phase === "imminent";
    const size = heading ? parseFloat(getComputedStyle(heading).fontSize) : 0;
    if (coming && size < 120 * (width / 1920) - 0.1) fault("A16", `the action is ${size} px`);
  }

  // A19: no pictures of text; icons are hidden from screen readers and have a word beside them.
  const shown = (one) => visible(one) && uncovered(one);
  for (const picture of Array.from(document.querySelectorAll("img, image, canvas, video, object"))) {
    const hidden = picture.closest("[aria-hidden=true]");
    if (shown(picture) && covered && !hidden) fault("A19", `${picture.tagName} on the alert`);
    const name = picture.getAttribute("alt") || picture.getAttribute("aria-label");
    if (shown(picture) && !covered && !hidden && !name) fault("A19", `${named(picture)} has no name`);
  }
  for (const icon of Array.from(document.querySelectorAll("svg")).filter(shown)) {
    if (covered && icon.querySelector("text")) fault("A19", "text in a picture");
    const hidden = icon.closest("[aria-hidden=true]");
    const name = icon.getAttribute("aria-label") || icon.getAttribute("aria-labelledby");
    if (!hidden && !name) fault("A19", "a picture that is neither hidden nor named");
    let around = icon.parentElement;
    while (around !== document.body && !around.textContent.trim()) around = around.parentElement;
    if (hidden && around === document.body) fault("A19", "an icon without a word beside it");
  }

  // A21: what sounds can be stopped.
  if (covered && !calm && !buttons.some((one) => one.textContent.trim() && !one.disabled))
    fault("A21", "no button that stops the sound");

  // A26: the two live regions are there, and can be heard.
  for (const [id, role] of [["live", "alert"], ["polite", "status"]]) {
    const region = document.getElementById(id);
    if (!region || region.getAttribute("role") !== role) fault("A26", `no region ${role}`);
    else if (region.closest("[inert], [aria-hidden=true], [hidden]")) fault("A26", `${role} is mute`);
    else if (getComputedStyle(region).display === "none") fault("A26", `${role} is not rendered`);
  }

  // A28: the number is a timer, and no live region.
  if (covered) {
    for (const timer of Array.from(alert.querySelectorAll("[role=timer]"))) {
      const live = timer.closest("[aria-live]:not([aria-live=off]), [role=alert], [role=status]");
      if (live) fault("A28", "the number is announced each second");
    }
    const counts = alert.querySelector("[role=timer]");
    if (phase === "countdown" && !(counts && visible(counts))) fault("A28", "no timer");
  }

  // A29: the focus is on something, and on nothing that lies below the alert.
  const active = document.activeElement;
  if (covered && options.settled) {
    if (!active || active === document.body) fault("A29", "the focus is lost");
    else if (!alert.contains(active)) fault("A29", `${named(active)} has the focus below the alert`);
    const page = document.getElementById("page");
    if (page && !page.hasAttribute("inert")) fault("A29", "what lies below can be reached");
  }
  return faults;
};
