// A conversation's head: name and topic, members, pinned messages, bookmarks; the app's tabs.

import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { fill, h, notice } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { headline } from "./headline.js";
import { link, mrkdwn } from "./mrkdwn.js";
import { goTo } from "./places.js";
import { popup } from "./popup.js";
import { changed, choose, name, store } from "./store.js";
import { stamp } from "./when.js";
import { cardRoom, isMember, mayWrite, sigil, titleOf } from "./who.js";

const part = (id) => document.getElementById(id);
let drawn = "";

export function renderHead(channel) {
  if (!channel) return;
  const { messages, ...about } = channel;
  const sign = JSON.stringify([about, store.tab, store.me, store.users.size, store.app, [...store.channels.keys()]]);
  if (sign === drawn) return;
  drawn = sign;
  part("channel-name").textContent = `${sigil(channel)} ${titleOf(store, channel)}`;
  fill(part("channel-about"), summary(channel));
  fill(part("channel-tools"), channel.is_im ? [] : tools(channel));
  renderTabs(channel);
  renderBookmarks(channel.bookmarks ?? []);
  renderPreview(channel);
}

function summary(channel) {
  const facts = [
    channel.is_archived && "Archived",
    channel.is_im && "Direct messages with the app",
    !channel.is_im && !channel.is_member && "opsbot is not in this channel",
  ].filter(Boolean).join(" · ");
  const topic = channel.topic?.value;
  return [facts, facts && topic && " · ", topic && mrkdwn(topic.replaceAll("\n", " "))].filter(Boolean);
}

function tools(channel) {
  const people = (channel.members ?? []).filter((id) => id !== store.bot_user);
  const pins = channel.pins ?? [];
  return [
    tool(`👥 ${people.length}`, `${people.length} ${people.length === 1 ? "person" : "people"}`, (anchor) => popup(anchor, members(channel), { label: "Members" })),
    pins.length > 0 && tool(`📌 ${pins.length}`, `${pins.length} pinned`, (anchor) => showPins(anchor, channel, pins)),
  ].filter(Boolean);
}

function tool(text, label, open) {
  const node = h("button", { type: "button", class: "tool", "aria-label": label, title: label, "aria-haspopup": "dialog", data: { focus: label.replace(/\d+ /, "") } }, text);
  node.addEventListener("click", () => open(node));
  return node;
}

function members(channel) {
  const leave = () => act("leave", channel);
  return [
    h("h3", {}, "Members"),
    h("ul", { class: "people" }, channel.members.map((id) => {
      const user = store.users.get(id);
      return h("li", {}, avatar(id), h("span", {}, h("strong", {}, name(id)), h("small", {}, id === store.bot_user ? "App" : user?.profile?.title ?? "")));
    })),
    isMember(store, channel) && h("button", { type: "button", class: "quiet", onclick: leave }, "Leave channel"),
  ];
}

function showPins(anchor, channel, pins) {
  let close = () => {};
  const entries = [...pins].reverse().map((ts) => {
    const message = channel.messages.get(ts);
    if (!message) return null;
    const go = () => {
      close();
      goTo(channel.id, ts);
    };
    return h("li", {}, h("button", { type: "button", onclick: go }, h("strong", {}, name(message.user)), h("time", {}, stamp(ts)), h("span", {}, headline(message))));
  });
  close = popup(anchor, [h("h3", {}, "Pinned messages"), h("ul", { class: "pins" }, entries)], { label: "Pinned messages" });
}

function renderTabs(channel) {
  const tabs = part("channel-tabs");
  tabs.hidden = !channel.is_im;
  if (!channel.is_im) return;
  const open = (key) => {
    store.tab = key;
    changed();
  };
  fill(tabs, ["home", "messages"].map((key) =>
    h("button", { type: "button", role: "tab", "aria-selected": String(store.tab === key), tabindex: store.tab === key ? "0" : "-1", data: { focus: key }, onclick: () => open(key) }, { home: "Home", messages: "Messages" }[key])));
  tabs.onkeydown = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    open(store.tab === "home" ? "messages" : "home");
    setTimeout(() => tabs.querySelector("[aria-selected=true]")?.focus());
  };
}

function renderBookmarks(bookmarks) {
  const bar = part("bookmarks");
  bar.hidden = bookmarks.length === 0;
  fill(bar, bookmarks.map((one) => link(one.link, [one.emoji && withEmoji(`${one.emoji} `), one.title].filter(Boolean))));
}

/** A way out of where nothing can be written. */
export function toRoom() {
  const room = cardRoom(store);
  return room && h("button", { type: "button", class: "primary", onclick: () => choose(room.id) }, `Go to #${room.name}`);
}

/** In place of the composer, where one may only read. */
function renderPreview(channel) {
  const preview = part("preview");
  preview.hidden = mayWrite(store, channel) || (channel.is_im && store.tab === "home");
  if (preview.hidden) return;
  if (channel.is_im) fill(preview, h("p", {}, `${titleOf(store, channel)} takes no messages here. Write /incident in a channel, or @opsbot in a thread there.`), toRoom());
  else if (channel.is_archived) fill(preview, h("p", {}, "This channel is archived. Nothing can be written in it."));
  else fill(preview, h("p", {}, "You are looking at ", h("strong", {}, `#${channel.name}`)), h("button", { type: "button", class: "primary", onclick: () => act("join", channel) }, "Join channel"));
}

const act = (verb, channel) => post(`/slack/${verb}`, { user: store.me, channel: channel.id }).catch((error) => notice(error.message));
