// The thread that is open beside the channel.

import { composer } from "./composer.js";
import { fill, h, reconcile } from "./dom.js";
import { messageView, signOf } from "./message.js";
import { reach } from "./places.js";
import { threadsOf } from "./slack-state.js";
import { sticky } from "./sticky.js";
import { changed, now, store } from "./store.js";
import { mayWrite, titleOf } from "./who.js";

const pane = document.getElementById("thread");
const title = h("small", {});
const list = h("div", { class: "list", role: "log", "aria-label": "Thread", tabindex: "0" });
const scroll = sticky(list);
const form = h("form", { class: "reply", autocomplete: "off" });
let entry = null;
let shown = "";

export function startThread() {
  const closing = h("button", { type: "button", class: "tool", "aria-label": "Close thread", onclick: close }, "×");
  fill(pane, h("header", {}, h("h2", {}, "Thread"), title, closing), list, form);
  entry = composer(form, { place: () => ({ channel: store.thread?.channel, thread_ts: store.thread?.ts }), label: "Reply in this thread", sending: () => scroll.end() });
  pane.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
}

function close() {
  const { ts } = store.thread ?? {};
  store.thread = null;
  changed();
  document.querySelector(`#messages [data-ts="${CSS.escape(ts ?? "")}"]`)?.focus({ preventScroll: true });
}

export function renderThread() {
  const channel = store.channels.get(store.thread?.channel);
  const open = Boolean(channel) && !(channel.is_im && store.tab === "home");
  pane.hidden = !open;
  document.getElementById("conversation").classList.toggle("threaded", open);
  if (!open) {
    shown = "";
    return;
  }
  title.textContent = channel.is_im ? titleOf(store, channel) : `#${titleOf(store, channel)}`;
  reconcile(list, items(channel, store.thread.ts));
  entry.render();
  form.hidden = !mayWrite(store, channel);
  const entered = shown !== `${channel.id}/${store.thread.ts}`;
  shown = `${channel.id}/${store.thread.ts}`;
  if (reach(list)) scroll.settle();
  else if (entered) scroll.end();
  else scroll.follow();
  if (store.threadFocus) entry.focus();
  store.threadFocus = false;
}

function items(channel, ts) {
  const root = channel.messages.get(ts) ?? { ts, subtype: "tombstone", user: "" };
  const replies = threadsOf(channel).get(ts) ?? [];
  const whispers = [...store.ephemerals.values()].filter((one) => one.channel === channel.id && one.message.thread_ts === ts).map(({ message }) => ({ message, ephemeral: true }));
  const answers = [...replies.map((message) => ({ message })), ...whispers].sort((a, b) => Number(a.message.ts) - Number(b.message.ts));
  const count = { key: "count", sign: String(replies.length), build: () => h("p", { class: "day-line left" }, h("span", {}, replies.length ? `${replies.length} ${replies.length === 1 ? "reply" : "replies"}` : "No replies yet")) };
  return [item(channel, { message: root }, replies), count, ...answers.map((one) => item(channel, one))];
}

function item(channel, { message, ephemeral }, replies) {
  const place = `${channel.id}/${message.ts}`;
  const about = { ephemeral, replies, inThread: true, failure: store.failures.get(place), editing: store.editing === place };
  const sign = signOf(message) + JSON.stringify([ephemeral, about.failure, about.editing, store.me, new Date(now()).toDateString(), store.users.size]);
  return { key: place, sign, build: () => messageView(channel, message, about) };
}
