// The chosen channel's messages, and what only the acting person sees.

import { h, reconcile } from "./dom.js";
import { isSystem, messageView, signOf } from "./message.js";
import { reach } from "./places.js";
import { threadsOf } from "./slack-state.js";
import { sticky } from "./sticky.js";
import { changed, now, store } from "./store.js";
import { look, lookAway, newAfter } from "./unread.js";
import { dayOf, moment } from "./when.js";
import { mayWrite } from "./who.js";

const PAGE = 150;
const FOLD_SECONDS = 300;
const list = document.getElementById("messages");
const jump = document.getElementById("jump");
let shown = "";
let pages = 1;
let below = 0; // messages that came while the person read further up

export function startMessages() {
  jump.addEventListener("click", () => {
    scroll.end();
    showJump(false);
    list.focus({ preventScroll: true });
  });
  list.addEventListener("keydown", move);
  document.addEventListener("visibilitychange", () => (document.hidden ? lookAway() : changed()));
}

const scroll = sticky(list, {
  scrolled: () => showJump(!scroll.near()),
  resized: () => (list.clientHeight === 0 ? lookAway() : changed()), // of no height where another panel is seen
});

export function renderMessages() {
  const channel = store.channels.get(store.current);
  const seen = channel && !(channel.is_im && store.tab === "home");
  list.hidden = !seen;
  if (!seen) {
    showJump(false);
    lookAway();
    return;
  }
  const [who, where] = shown.split("/");
  const entered = who !== store.me || where !== channel.id;
  if (entered) pages = 1;
  if (!document.hidden && list.clientHeight > 0 && look(store, channel)) changed();
  const before = list.lastElementChild?.dataset.ts ?? "0";
  reconcile(list, items(channel));
  shown = list.clientHeight > 0 ? `${store.me}/${channel.id}` : "";
  if (reach(list)) scroll.settle();
  else if (entered) enter(where !== channel.id);
  else if (scroll.pinned) scroll.follow();
  else below += othersAfter(channel, Number(before));
  showJump(!scroll.near());
}

/** Go to the end and stay there: whoever sends something sees what comes of it. */
export function toEnd() {
  scroll.end();
  showJump(false);
}

/** At the first message that is new, or else at the end. Where only the person is another one, it was all seen. */
function enter(elsewhere) {
  const line = elsewhere && list.querySelector(".new-line");
  scroll.end();
  if (!line || line.offsetTop >= list.scrollTop) return;
  list.scrollTop = line.offsetTop - 40;
  scroll.settle();
}

function showJump(needed) {
  if (!needed) below = 0;
  jump.hidden = !needed;
  jump.textContent = below ? `${below} new ${below === 1 ? "message" : "messages"} ↓` : "Jump to latest ↓";
}

function items(channel) {
  const threads = threadsOf(channel);
  const all = timeline(channel, threads);
  const entries = all.slice(-pages * PAGE);
  if (all.length === 0) return [{ key: "nothing", sign: `${channel.id} ${channel.name} ${mayWrite(store, channel)}`, build: () => nothing(channel) }];
  const today = new Date(now()).toDateString();
  const line = newAfter(store, channel);
  const found = all.length > entries.length ? [{ key: "earlier", sign: "", build: earlier }] : [];
  let last = null;
  let lined = line === undefined;
  for (const entry of entries) {
    const { message } = entry;
    const day = moment(message.ts).toDateString();
    const newDay = !last || moment(last.message.ts).toDateString() !== day;
    if (newDay) found.push({ key: `day ${day}`, sign: today, build: () => dayLine(message) });
    const fresh = !lined && isOthers(entry) && Number(message.ts) > line;
    lined ||= fresh;
    if (fresh) found.push({ key: "new", sign: String(line), build: newLine });
    found.push(item(channel, entry, threads, !newDay && !fresh && follows(last, entry), today));
    last = entry;
  }
  return found;
}

/** Whether somebody else said it to the channel: neither the acting person nor the app to them alone. */
const isOthers = ({ message, ephemeral }) => !ephemeral && message.user !== store.me;

/** How many messages of others the channel has after this one. */
const othersAfter = (channel, ts) => [...channel.messages.values()].filter((message) => Number(message.ts) > ts && inChannel(message) && isOthers({ message })).length;

/** What the channel shows outside of threads, ephemeral messages among it, oldest first. */
function timeline(channel, threads) {
  const own = [...store.ephemerals.values()].filter((entry) => entry.channel === channel.id && !entry.message.thread_ts);
  const lost = [...threads.keys()].filter((ts) => !channel.messages.has(ts)).map((ts) => ({ message: { ts, subtype: "tombstone", user: "" } }));
  return [
    ...[...channel.messages.values()].filter(inChannel).map((message) => ({ message })),
    ...own.map(({ message }) => ({ message, ephemeral: true })),
    ...lost,
  ].sort((a, b) => Number(a.message.ts) - Number(b.message.ts));
}

const inChannel = (message) => !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";

/** Whether a message continues the one before it, of the same author a short while ago. */
function follows(last, { message, ephemeral }) {
  if (!last || ephemeral || last.ephemeral || isSystem(message) || isSystem(last.message)) return false;
  if (message.subtype || last.message.subtype === "tombstone") return false;
  return last.message.user === message.user && Number(message.ts) - Number(last.message.ts) < FOLD_SECONDS;
}

function item(channel, { message, ephemeral }, threads, folded, today) {
  const place = `${channel.id}/${message.ts}`;
  const replies = threads.get(message.ts) ?? [];
  const about = { folded, ephemeral, replies, failure: store.failures.get(place), editing: store.editing === place };
  const outside = [folded, ephemeral, replies.length, replies.at(-1)?.ts, about.failure, about.editing, store.me, today, store.users.size];
  return { key: place, sign: signOf(message) + JSON.stringify(outside), build: () => messageView(channel, message, about) };
}

const dayLine = (message) => h("p", { class: "day-line" }, h("span", {}, dayOf(moment(message.ts))));
const newLine = () => h("p", { class: "new-line" }, h("span", {}, "New"));

function earlier() {
  const more = () => {
    pages += 1;
    changed();
  };
  return h("button", { type: "button", class: "earlier", onclick: more }, "Show earlier messages");
}

function nothing(channel) {
  const writes = mayWrite(store, channel);
  if (channel.is_im) return h("p", { class: "empty" }, "What is said here is only between you and the app. ", writes ? "Commands work here, too." : "It has said nothing yet.");
  const next = writes && "Declare an incident below and see who is paged.";
  return h("p", { class: "empty" }, `This is the very beginning of #${channel.name}. `, next);
}

/** Arrow keys go from message to message. */
function move(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !(event.target === list || event.target.matches?.("article"))) return;
  const all = [...list.querySelectorAll("article")];
  const at = all.indexOf(event.target);
  const next = at < 0 ? all.at(-1) : all[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

