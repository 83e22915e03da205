// What can be done with a message: its small toolbar, its menu, its keys.

import { post } from "./api.js";
import { h, notice } from "./dom.js";
import { linkTo } from "./places.js";
import { menu } from "./popup.js";
import { pickReaction } from "./reactions.js";
import { changed, store } from "./store.js";
import { confirmed } from "./confirm.js";

export function toolbar(channel, message, about) {
  const more = button("⋯", "Message menu", "more", "", () => openMenu(more, channel, message, about));
  more.setAttribute("aria-haspopup", "menu");
  const react = button("☺", "Add reaction", "react", "", () => pickReaction(react, channel, message));
  const quiet = about.replies?.length ? "" : "thread-toggle";
  const reply = !about.inThread && button("💬", "Reply in thread", "reply", quiet, () => openThread(channel, message));
  return h("div", { class: "toolbar" }, react, reply, more);
}

function button(text, label, focus, more, run) {
  return h("button", { type: "button", class: `tool ${more}`, "aria-label": label, title: label, data: { focus }, onclick: run }, text);
}

function openThread(channel, message) {
  store.thread = { channel: channel.id, ts: message.thread_ts ?? message.ts };
  store.threadFocus = true;
  changed();
}

const at = (channel, message) => ({ user: store.me, channel: channel.id, ts: message.ts });

/** Do it by remote control; what is refused is said at the page's edge. */
const act = (verb, body) => post(`/slack/${verb}`, body).catch((error) => notice(error.message));

function pin(channel, message) {
  const pinned = message.pinned_to?.includes(channel.id);
  return act("pin", { ...at(channel, message), ...(pinned && { remove: true }) });
}

function edit(channel, message) {
  store.editing = `${channel.id}/${message.ts}`;
  changed();
}

async function erase(channel, message) {
  const question = { title: text("Delete message"), text: text("Delete this message? This cannot be undone."), confirm: text("Delete"), deny: text("Cancel"), style: "danger" };
  if (await confirmed(question)) await act("delete", at(channel, message));
}

const text = (words) => ({ type: "plain_text", text: words });

async function copy(words, told) {
  try {
    await navigator.clipboard.writeText(words);
    notice(told, "good");
  } catch {
    notice(`The browser does not allow copying. It is: ${words}`);
  }
}

async function shortcut(channel, message, one) {
  const reply = await act("shortcut", { ...at(channel, message), callback_id: one.callback_id });
  if (reply && !reply.ok) notice(`opsbot did not take “${one.name}” (${reply.error}).`);
}

function openMenu(anchor, channel, message, about) {
  const own = message.user === store.me;
  const pinned = message.pinned_to?.includes(channel.id);
  const shortcuts = (store.app.shortcuts ?? []).filter((one) => one.type === "message");
  menu(
    anchor,
    [
      !about.inThread && { label: "Reply in thread", hint: "T", run: () => openThread(channel, message) },
      { label: "Add reaction…", hint: "R", run: () => pickReaction(anchor, channel, message) },
      { label: pinned ? "Unpin from channel" : "Pin to channel", hint: "P", run: () => pin(channel, message) },
      { label: "Copy link", hint: "L", run: () => copyLink(channel, message) },
      own && null,
      own && { label: "Edit message", hint: "E", run: () => edit(channel, message) },
      own && { label: "Delete message…", danger: true, run: () => erase(channel, message) },
      shortcuts.length > 0 && null,
      ...shortcuts.map((one) => ({ label: one.name, hint: store.app.name, run: () => shortcut(channel, message, one) })),
    ].filter((item) => item !== false),
    "Message actions",
  );
}

const copyLink = (channel, message) => copy(`${location.origin}/${linkTo(channel.id, message.ts)}`, "Link copied.");

/** Keys while the message itself has the focus. */
export function keysOf(event, article, channel, message, about) {
  if (event.target !== article || event.ctrlKey || event.metaKey || event.altKey) return;
  const tool = (name) => article.querySelector(`.toolbar [data-focus=${name}]`);
  const keys = {
    t: () => openThread(channel, message),
    r: () => pickReaction(tool("react"), channel, message),
    p: () => pin(channel, message),
    l: () => copyLink(channel, message),
    m: () => openMenu(tool("more"), channel, message, about),
    e: () => message.user === store.me && edit(channel, message),
  };
  keys.Enter = keys.m;
  keys.ContextMenu = keys.m;
  const run = keys[event.key];
  if (!run) return;
  event.preventDefault();
  run();
}
