// The conversations that the acting person sees.

import { fill, h } from "./dom.js";
import { renderHead } from "./head.js";
import { showPanel } from "./panels.js";
import { choose, store } from "./store.js";
import { unreadIn } from "./unread.js";
import { isMember, sigil, titleOf } from "./who.js";

const nav = document.getElementById("channels");
let drawn = "";

export function startChannels() {
  nav.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const entries = [...nav.querySelectorAll("button")].filter((entry) => entry.offsetParent);
    const at = entries.indexOf(document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    entries[(at + step + entries.length) % entries.length].focus();
  });
}

export function renderChannels() {
  const all = [...store.channels.values()];
  const rooms = all.filter((channel) => !channel.is_im && !channel.is_archived).sort(byName);
  const groups = {
    Channels: rooms.filter((channel) => isMember(store, channel)),
    "Not joined": rooms.filter((channel) => !isMember(store, channel)),
    Archived: all.filter((channel) => channel.is_archived).sort(byName),
    Apps: all.filter((channel) => channel.is_im),
  };
  const entries = Object.entries(groups).map(([title, channels]) => [title, channels.map((channel) => ({ channel, unread: unreadIn(store, channel) }))]);
  const sign = JSON.stringify([store.me, store.current, entries.map(([title, list]) => [title, list.map(({ channel, unread }) => [channel.id, channel.name, channel.is_private, unread])])]);
  if (sign !== drawn) fill(nav, entries.map(group));
  drawn = sign;
  renderHead(store.channels.get(store.current));
}

const byName = (a, b) => a.name.localeCompare(b.name);

function group([title, entries]) {
  if (entries.length === 0) return null;
  const list = h("ul", {}, entries.map(entry));
  if (title !== "Archived") return h("section", {}, h("h2", {}, title), list);
  return h("details", { open: entries.some(({ channel }) => channel.id === store.current) }, h("summary", {}, title), list);
}

function entry({ channel, unread }) {
  const current = channel.id === store.current;
  const open = () => {
    choose(channel.id);
    showPanel("conversation");
  };
  const count = unread.mentions || unread.count;
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", "aria-current": current && "true", class: unread.count ? "unread" : "", data: { focus: channel.id }, onclick: open },
      h("span", { class: "sigil", "aria-hidden": "true" }, sigil(channel)),
      h("span", { class: "name" }, titleOf(store, channel), channel.is_private && !channel.is_im && h("span", { class: "hidden" }, " (private)")),
      unread.count > 0 &&
        h("span", { class: unread.mentions ? "count mentions" : "count" }, String(count), h("span", { class: "hidden" }, unread.mentions ? " mentions of you" : " unread")),
    ),
  );
}
