// One message, in a channel or in its thread.

import { post } from "./api.js";
import { attachments } from "./attachments.js";
import { avatar } from "./avatar.js";
import { blocks } from "./blocks.js";
import { busy, h } from "./dom.js";
import { valuesIn } from "./fields.js";
import { files } from "./files.js";
import { headline } from "./headline.js";
import { keysOf, toolbar } from "./message-menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { reactions } from "./reactions.js";
import { dismiss } from "./slack-state.js";
import { changed, name, store } from "./store.js";
import { moment, stamp, time } from "./when.js";
import { mentions } from "./who.js";

const SYSTEM = /^(channel|group)_(join|leave|topic|purpose|name|archive|unarchive|convert_to_private)$|^(bot_add|bot_remove|pinned_item|unpinned_item|reminder_add)$/;
const QUOTED = 80;
const signs = new WeakMap();

/** What a message's element depends on, as far as the message itself says it. */
export function signOf(message) {
  if (!signs.has(message)) signs.set(message, JSON.stringify(message));
  return signs.get(message);
}

export const isSystem = (message) => SYSTEM.test(message.subtype ?? "");

/** `about`: {folded, ephemeral, replies, inThread, editing, failure}. */
export function messageView(channel, message, about) {
  if (isSystem(message)) return system(message);
  if (message.subtype === "tombstone") return tombstone(message);
  const classes = ["message", about.folded && "folded", about.ephemeral && "ephemeral", !about.ephemeral && message.user !== store.me && mentions(store, message) && "to-me"];
  const article = h(
    "article",
    { class: classes.filter(Boolean).join(" "), data: { ts: message.ts }, tabindex: "-1", "aria-label": `${name(message.user)}, ${stamp(message.ts)}` },
    about.folded ? h("time", { class: "gutter" }, time(moment(message.ts))) : avatar(message.user),
    h(
      "div",
      { class: "content" },
      !about.folded && head(message),
      marks(channel, message, about),
      about.editing ? editor(channel, message) : body(channel, message),
      files(message.files),
      about.failure && h("p", { class: "failure", role: "alert" }, about.failure),
      reactions(channel, message),
      about.replies?.length > 0 && !about.inThread && repliesLine(channel, message, about.replies),
    ),
    !about.ephemeral && toolbar(channel, message, about),
  );
  if (!about.ephemeral) article.addEventListener("keydown", (event) => keysOf(event, article, channel, message, about));
  return article;
}

function system(message) {
  const who = name(message.user);
  const text = message.text || "";
  return h(
    "article",
    { class: "message system", data: { ts: message.ts }, tabindex: "-1" },
    h("span", { class: "gutter", "aria-hidden": "true" }, "–"),
    h("p", { class: "text" }, !text.startsWith("<@") && [h("strong", {}, who), " "], mrkdwn(text), " ", h("time", {}, stamp(message.ts))),
  );
}

/** In place of a message that was deleted, where its thread goes on. */
const tombstone = (message) =>
  h("article", { class: "message system", data: { ts: message.ts }, tabindex: "-1" }, h("span", { class: "gutter", "aria-hidden": "true" }, "–"), h("p", { class: "text" }, "This message was deleted."));

function head(message) {
  const app = message.user === store.bot_user || message.user === "USLACKBOT" || message.bot_id;
  return h(
    "header",
    {},
    h("strong", {}, message.username ?? name(message.user)),
    app && h("span", { class: "badge" }, "APP"),
    h("time", { title: String(moment(message.ts)) }, stamp(message.ts)),
  );
}

function marks(channel, message, { ephemeral, inThread }) {
  const away = () => {
    dismiss(store, message.ts);
    changed();
  };
  return [
    ephemeral && h("p", { class: "mark" }, "Only visible to you · ", h("button", { type: "button", class: "text-button", onclick: away }, "Dismiss")),
    message.pinned_to?.includes(channel.id) && h("p", { class: "mark pinned" }, "📌 Pinned"),
    message.subtype === "thread_broadcast" && h("p", { class: "mark" }, inThread ? "Also sent to the channel" : repliedTo(channel, message)),
  ];
}

function repliedTo(channel, message) {
  const root = channel.messages.get(message.thread_ts);
  const open = () => {
    store.thread = { channel: channel.id, ts: message.thread_ts };
    changed();
  };
  const words = root ? headline(root, QUOTED) : "a deleted message";
  return ["replied to a thread: ", h("button", { type: "button", class: "text-button", onclick: open }, words)];
}

function body(channel, message) {
  const act = (element, value, root) => click(channel, message, element, value, root);
  const edited = message.edited && h("small", { class: "edited" }, " (edited)");
  if (message.blocks?.length) return [blocks(message.blocks, act), attachments(message.attachments, act), edited];
  const text = message.text && h("p", { class: "text" }, mrkdwn(message.text), edited);
  return [text, attachments(message.attachments, act)];
}

async function click(channel, message, element, value, root) {
  const place = `${channel.id}/${message.ts}`;
  const values = valuesIn(root.closest(".message"));
  const reply = await post("/slack/click", { user: store.me, channel: channel.id, ts: message.ts, action_id: element.action_id, value, values });
  if (reply.ok) store.failures.delete(place);
  else store.failures.set(place, `opsbot did not respond to that (${reply.error}). Try again?`);
  changed();
}

function editor(channel, message) {
  const entry = h("textarea", { "aria-label": "Edit the message", rows: "2", data: { focus: "edit" } });
  entry.value = h("span", {}, mrkdwn(message.text)).textContent;
  const done = () => {
    store.editing = null;
    changed();
  };
  const save = h("button", { type: "submit", class: "primary" }, "Save");
  const form = h("form", { class: "editor" }, entry, h("div", { class: "row" }, h("button", { type: "button", onclick: done }, "Cancel"), save));
  const send = () => busy(save, () => post("/slack/edit", { user: store.me, channel: channel.id, ts: message.ts, text: entry.value.trim() }).then(done));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  entry.addEventListener("keydown", (event) => {
    if (event.key === "Escape") done();
    else if (event.key === "Enter" && !event.shiftKey) send();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  setTimeout(() => entry.focus());
  return form;
}

function repliesLine(channel, message, replies) {
  const people = [...new Set(replies.map((reply) => reply.user))].slice(0, 4);
  const open = () => {
    store.thread = { channel: channel.id, ts: message.ts };
    changed();
  };
  return h(
    "button",
    { type: "button", class: "thread-toggle replies", data: { focus: "thread" }, onclick: open },
    people.map(avatar),
    h("span", {}, `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`),
    h("small", {}, `Last ${stamp(replies.at(-1).ts)}`),
  );
}
