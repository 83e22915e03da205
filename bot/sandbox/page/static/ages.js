// How long things last, in words, and keeping those that go on up to date.

import { h } from "./dom.js";
import { now } from "./store.js";
import { day, time } from "./when.js";

const MINUTE = 60_000;

/** A length of time in its two largest units. */
export function length(milliseconds) {
  const minutes = Math.floor(Math.max(0, milliseconds) / MINUTE);
  const parts = [[Math.floor(minutes / 1440), "d"], [Math.floor(minutes / 60) % 24, "h"], [minutes % 60, "min"]];
  const first = parts.findIndex(([count]) => count);
  if (first < 0) return "just now";
  return parts.slice(first, first + 2).filter(([count]) => count).map(([count, unit]) => `${count} ${unit}`).join(" ");
}

/** An element that says how long ago `at` (epoch milliseconds) is, and goes on saying it. */
export function age(at) {
  const instant = new Date(at);
  return h("span", { class: "age", title: `since ${day(instant)}, ${time(instant)}`, data: { since: String(at) } }, length(now() - at));
}

export function renderAges() {
  for (const node of document.querySelectorAll("[data-since]")) {
    const text = length(now() - Number(node.dataset.since));
    if (node.textContent !== text) node.textContent = text;
  }
}
