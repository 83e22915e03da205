// What opens beside a control and closes on Escape or a click elsewhere: menus and small panels.

import { h } from "./dom.js";

/** Open `content` beside `anchor`; returns the function that closes it. */
export function popup(anchor, content, { label, role = "dialog", focus } = {}) {
  const box = h("div", { class: "popup", popover: "auto", role, "aria-label": label }, content);
  // Within a modal dialogue, or what opens would be inert.
  (anchor.closest("dialog") ?? document.body).append(box);
  anchor.setAttribute("aria-expanded", "true");
  box.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    anchor.setAttribute("aria-expanded", "false");
    const inside = box.contains(document.activeElement) || document.activeElement === document.body;
    box.remove();
    if (inside && anchor.isConnected) anchor.focus({ preventScroll: true });
  });
  box.showPopover();
  beside(box, anchor);
  (focus ?? box.querySelector("button, input, a"))?.focus({ preventScroll: true });
  return () => box.isConnected && box.hidePopover();
}

function beside(box, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const gap = 4;
  const below = at.bottom + gap + height <= innerHeight;
  box.style.top = `${Math.max(gap, below ? at.bottom + gap : at.top - gap - height)}px`;
  const left = at.left + width + gap <= innerWidth ? at.left : at.right - width;
  box.style.left = `${Math.max(gap, left)}px`;
}

/** Open a menu of `items`: {label, run, hint, danger} or null for a line between. */
export function menu(anchor, items, label) {
  let close = () => {};
  const entries = items.map((item) => item && h(
    "button",
    { type: "button", role: "menuitem", class: item.danger ? "danger" : "", onclick: () => { close(); item.run(); } },
    h("span", {}, item.label),
    item.hint && h("small", {}, item.hint),
  ));
  const list = h("div", { class: "menu" }, entries.map((entry) => entry ?? h("hr")));
  const buttons = entries.filter(Boolean);
  list.addEventListener("keydown", (event) => moveIn(buttons, event));
  close = popup(anchor, list, { label, role: "menu" });
}

/** Arrow keys, Home and End among buttons. */
export function moveIn(buttons, event) {
  const at = buttons.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  buttons[to % buttons.length].focus();
}
