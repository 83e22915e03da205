// The parts of the side: folded or open, as the person left them; each says its gist when folded, too.

import { h, busy } from "./dom.js";

const parts = new Map([...document.querySelectorAll("#side .part")].map((part) => [part.dataset.part, part]));
const kept = JSON.parse(localStorage.getItem("parts") ?? "{}");

export function startSide() {
  for (const [name, part] of parts) {
    if (name in kept) part.open = kept[name];
    part.addEventListener("toggle", () => {
      kept[name] = part.open;
      localStorage.setItem("parts", JSON.stringify(kept));
    });
  }
}

/** What a part's headline says beside its name; `tone`: bad, wary, well, or nothing. */
export function gist(name, text, tone = "") {
  const line = parts.get(name).querySelector(".gist");
  if (line.textContent !== text) line.textContent = text;
  line.className = `gist ${tone}`;
}

export const isOpen = (name) => parts.get(name).open;

/** Show a part, or hide it where the sandbox does not have what it is about. */
export function showPart(name, there) {
  parts.get(name).hidden = !there;
}

/** Open a part and go there. */
export function goToPart(name) {
  const part = parts.get(name);
  if (!part || part.hidden) return;
  part.open = true;
  part.scrollIntoView({ block: "nearest" });
  part.querySelector("summary").focus();
}

/** A button that does something which may fail. `focus` names it, so that it keeps the focus when redrawn. */
export function action(label, focus, style, run, more = {}) {
  const node = h("button", { type: "button", class: style, data: { focus }, ...more }, label);
  node.addEventListener("click", () => busy(node, run));
  return node;
}

/** Say something to who does not see the page. */
export function say(text) {
  document.getElementById("said").textContent = text;
}
