/** Where the focus is, as the walk of walk.py needs it; `all` lists what Tab must reach. */
() => {
  const FOCUSABLE =
    "button, a[href], input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const rendered = (one) => {
    const folded = one.closest("details:not([open])");
    const style = getComputedStyle(one);
    return (
      one.getClientRects().length > 0 &&
      style.visibility !== "hidden" &&
      !one.disabled &&
      one.closest("[inert]") === null &&
      !(folded && one.tagName !== "SUMMARY")
    );
  };
  const name = (one) =>
    one.type === "radio" && one.name
      ? `choice ${one.name}`
      : `${one.tagName.toLowerCase()} ${(one.getAttribute("aria-label") || one.textContent || one.id).trim().slice(0, 40)}`;
  const all = Array.from(document.querySelectorAll(FOCUSABLE)).filter(rendered);
  const active = document.activeElement;
  if (!active || active === document.body || active === document.documentElement)
    return { at: null, all: all.map(name) };

  const label = active.closest("label") || (active.labels && active.labels[0]);
  const box = active.getBoundingClientRect();
  const target = box.width > 2 && box.height > 2 ? active : label || active;
  const around = [active, label, active.nextElementSibling, active.parentElement].filter(Boolean);
  const ringed = around.some((one) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(one);
    const clear = /^rgba.*, 0\)$|transparent/.test(outlineColor);
    const outlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !clear;
    return outlined || /0px 0px 0px [2-9]/.test(boxShadow);
  });
  const { left, top, right, bottom } = target.getBoundingClientRect();
  const hit = document.elementFromPoint(
    Math.min(innerWidth - 1, Math.max(0, (left + right) / 2)),
    Math.min(innerHeight - 1, Math.max(0, (top + bottom) / 2)),
  );
  const covered = !hit || !(target.contains(hit) || hit.contains(target) || (label && label.contains(hit)));
  let scrolled = scrollX + scrollY;
  for (let up = active; up; up = up.parentElement) scrolled += up.scrollLeft + up.scrollTop;
  return {
    scrolled,
    at: name(active),
    same: all.indexOf(active),
    all: all.map(name),
    ringed,
    covered,
    rtl: getComputedStyle(document.documentElement).direction === "rtl",
    box: { left, top, right, bottom },
    fixed: around.concat(active.closest("nav, header, footer") || []).some((one) => /fixed|sticky/.test(getComputedStyle(one).position)),
    section: active.closest("main, nav, header, footer, section, #banner")?.tagName,
  };
};
