// Keyboard shortcuts: single keys, never with a modifier, never while somebody writes; they can be switched off.

import { h } from "./dom.js";
import { showConversation, showPanel, showSide } from "./panels.js";
import { goToPart } from "./side.js";

const focus = (selector) => document.querySelector(selector)?.focus();
const part = (name) => () => {
  showSide();
  goToPart(name);
};

const AFTER_G = {
  c: ["Channels", () => { showPanel("channels"); focus("#channels [aria-current], #channels button"); }],
  m: ["Messages", () => { showConversation(); focus("#messages"); }],
  t: ["The clock (time)", () => { showSide(); focus("#clock button"); }],
  p: ["PagerDuty", part("paging")],
  a: ["Alerts", part("alerts")],
  s: ["Services", part("services")],
  f: ["Bot and faults", part("faults")],
  u: ["Act as somebody else (user)", () => focus("#act-as")],
};

const WAIT = 1500;
const WRITING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]";
const DRAWN = CSS.supports("selector(select:open)");
let waiting = 0;

// A select that is not open takes no letters: only who has opened it looks for one of its choices.
const isClosedSelect = (target) => target.id === "act-as" && DRAWN && !target.matches(":open");

const isOff = () => localStorage.getItem("keys") === "off";

function pressed(event) {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (isOff() || (target.closest?.(WRITING) && !isClosedSelect(target)) || document.querySelector("dialog[open]")) return;
  const afterG = performance.now() - waiting < WAIT;
  waiting = 0;
  if (afterG && AFTER_G[key]) {
    event.preventDefault();
    AFTER_G[key][1]();
  } else if (key === "g") {
    event.preventDefault(); // a select would choose whose name begins so
    waiting = performance.now();
  } else if (key === "?") showKeys();
  else if (key === "/") write(event);
}

/** To the message box. Into an empty one the key goes, too: a command begins with it. */
function write(event) {
  showConversation();
  const entry = document.getElementById("composer-text");
  if (!entry) return;
  if (entry.value) event.preventDefault();
  entry.focus();
}

const row = (name, ...keys) => h("div", {}, h("dt", {}, keys.map((key) => h("kbd", {}, key))), h("dd", {}, name));

export function showKeys() {
  const on = h("input", { type: "checkbox", checked: !isOff() });
  on.addEventListener("change", () => localStorage.setItem("keys", on.checked ? "on" : "off"));
  const dialog = h(
    "dialog",
    { class: "keys", "aria-labelledby": "keys-title" },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "keys-title" }, "Keyboard shortcuts"),
      h(
        "dl",
        {},
        row("Write a command or message", "/"),
        Object.entries(AFTER_G).map(([key, [name]]) => row(name, "g", key)),
        row("Send what is written", "Enter"),
        row("What was sent before", "↑"),
        row("These shortcuts", "?"),
        row("Close a dialogue or the drawer", "Esc"),
      ),
      h("label", { class: "choice" }, on, "Single keys are shortcuts"),
      h("footer", {}, h("button", { class: "primary", autofocus: true }, "Close")),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

export function startKeys() {
  document.addEventListener("keydown", pressed);
  document.getElementById("keys-open").addEventListener("click", showKeys);
}
