// The chosen channel's messages, their threads, and what only the acting person sees.

import { post } from "./api.js";
import { blocks } from "./blocks.js";
import { send } from "./composer.js";
import { busy, h, reconcile } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { changed, name, repliesOf, store } from "./store.js";
import { stamp } from "./when.js";

const NEAR = 80;
const list = document.getElementById("messages");
let shown = "";

export function renderMessages() {
  const channel = store.channels.get(store.current);
  if (!channel) return;
  const atEnd = shown !== channel.id || list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
  const items = timeline(channel).map((entry) => item(channel, entry));
  if (items.length === 0) items.push({ key: "nothing", sign: channel.id, build: nothing });
  reconcile(list, items);
  if (atEnd) list.scrollTop = list.scrollHeight;
  shown = channel.id;
}

const nothing = () => h("p", { class: "empty" }, "Nothing here yet. Declare an incident below and see who is paged.");

/** What the channel shows outside of threads, ephemeral messages among it, oldest first. */
function timeline(channel) {
  const own = [...store.ephemerals.values()].filter((entry) => entry.channel === channel.id);
  return [
    ...[...channel.messages.values()].filter(inChannel).map((message) => ({ message })),
    ...own.map(({ message }) => ({ message, ephemeral: true })),
  ].sort((a, b) => Number(a.message.ts) - Number(b.message.ts));
}

const inChannel = (message) => !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";

function item(channel, { message, ephemeral }) {
  const place = `${channel.id}/${message.ts}`;
  const replies = ephemeral ? [] : repliesOf(channel, message.ts);
  const open = store.threads.has(place);
  const failure = store.failures.get(place);
  const kept = [message, replies.length, open && replies, failure, store.me, ephemeral];
  return {
    key: place,
    sign: JSON.stringify(kept),
    build: () => show(channel, message, { ephemeral, replies, open, failure, place }),
  };
}

function show(channel, message, { ephemeral, replies, open, failure, place }) {
  return h(
    "article",
    { class: ephemeral ? "message ephemeral" : "message", data: { ts: message.ts } },
    avatar(message.user),
    h(
      "div",
      {},
      head(message),
      ephemeral && h("p", { class: "mark" }, "Only visible to you"),
      body(channel, message),
      failure && h("p", { class: "failure", role: "alert" }, failure),
      !ephemeral && threadToggle(place, replies, open),
      open && thread(channel, message, replies),
    ),
  );
}

function avatar(user) {
  if (user === store.bot_user) return h("img", { class: "avatar", src: "/static/icon.svg", alt: "" });
  const initials = name(user).split(" ").map((word) => word[0]).join("").slice(0, 2);
  const hue = [...user].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 6, 7);
  return h("span", { class: `avatar hue${hue}`, "aria-hidden": "true" }, initials);
}

function head(message) {
  const app = message.user === store.bot_user || message.user === "USLACKBOT";
  return h(
    "header",
    {},
    h("strong", {}, name(message.user)),
    app && h("span", { class: "badge" }, "APP"),
    h("time", {}, stamp(message.ts)),
    message.edited && h("small", {}, "(edited)"),
  );
}

function body(channel, message) {
  const act = (element, value) => click(channel, message, element, value);
  const parts = message.blocks?.length ? blocks(message.blocks, act) : [h("p", { class: "text" }, mrkdwn(message.text ?? ""))];
  return [...parts, ...(message.attachments ?? []).map((attachment) => attached(attachment, act))];
}

function attached(attachment, act) {
  const content = attachment.blocks?.length
    ? blocks(attachment.blocks, act)
    : [h("p", { class: "text" }, mrkdwn(attachment.text ?? attachment.fallback ?? ""))];
  const bar = h("div", { class: "attachment" }, content);
  if (/^#?[0-9a-f]{6}$/i.test(attachment.color ?? "")) bar.style.borderColor = `#${attachment.color.replace("#", "")}`;
  return bar;
}

async function click(channel, message, element, value) {
  const place = `${channel.id}/${message.ts}`;
  const body = { user: store.me, channel: channel.id, ts: message.ts, action_id: element.action_id, value };
  const reply = await post("/slack/click", body);
  if (reply.ok) store.failures.delete(place);
  else store.failures.set(place, `opsbot did not respond to that (${reply.error}). Try again?`);
  changed();
}

function threadToggle(place, replies, open) {
  const label = replies.length ? `${replies.length} ${replies.length === 1 ? "reply" : "replies"}` : "Reply in thread";
  const toggle = () => {
    if (open) store.threads.delete(place);
    else store.threads.add(place);
    changed();
  };
  return h(
    "button",
    { type: "button", class: replies.length || open ? "thread-toggle" : "thread-toggle quiet", "aria-expanded": String(open), data: { focus: "thread" }, onclick: toggle },
    open ? "Hide thread" : label,
  );
}

function thread(channel, message, replies) {
  const entry = h("input", { "aria-label": "Reply in this thread", placeholder: "Reply, or @opsbot ack", data: { focus: "reply" } });
  const form = h("form", { class: "reply" }, entry, h("button", {}, "Reply"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = entry.value.trim();
    if (text) busy(form.querySelector("button"), () => send(text, channel.id, message.ts)).then(() => (entry.value = ""));
  });
  return h(
    "section",
    { class: "thread", "aria-label": "Thread" },
    replies.map((reply) =>
      h("article", { class: "message", data: { ts: reply.ts } }, avatar(reply.user), h("div", {}, head(reply), body(channel, reply))),
    ),
    form,
  );
}
