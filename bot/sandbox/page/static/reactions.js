// Reactions under a message, and choosing one.

import { post } from "./api.js";
import { h, notice } from "./dom.js";
import { EMOJI, FREQUENT, emoji, emojiNamed } from "./emoji.js";
import { popup } from "./popup.js";
import { name, store } from "./store.js";

/** The chips of a message; a click adds or takes away the acting person's own. */
export function reactions(channel, message) {
  if (!message.reactions?.length) return null;
  const add = h("button", { type: "button", class: "chip add", "aria-label": "Add reaction", data: { focus: "add-reaction" } }, "☺+");
  add.addEventListener("click", () => pickReaction(add, channel, message));
  return h("div", { class: "reactions" }, message.reactions.map((one) => chip(channel, message, one)), add);
}

function chip(channel, message, reaction) {
  const mine = reaction.users.includes(store.me);
  const who = reaction.users.map((user) => (user === store.me ? "you" : name(user))).join(", ");
  const told = `${who} reacted with :${reaction.name}:`;
  return h(
    "button",
    {
      type: "button", class: mine ? "chip mine" : "chip", "aria-pressed": String(mine), "aria-label": told, title: told,
      data: { focus: `reaction ${reaction.name}` }, onclick: () => react(channel, message, reaction.name, mine),
    },
    h("span", {}, emoji(reaction.name)),
    h("span", {}, String(reaction.count ?? reaction.users.length)),
  );
}

export function react(channel, message, word, remove = false) {
  const body = { user: store.me, channel: channel.id, ts: message.ts, name: word, ...(remove && { remove }) };
  return post("/slack/react", body).catch((error) => notice(error.message));
}

/** Let the acting person choose an emoji for the message. */
export function pickReaction(anchor, channel, message) {
  const has = (word) => message.reactions?.some((one) => one.name === word && one.users.includes(store.me));
  pickEmoji(anchor, (word) => react(channel, message, word, has(word)));
}

/** A small panel to choose an emoji by name. */
export function pickEmoji(anchor, choose) {
  let close = () => {};
  const search = h("input", { type: "search", placeholder: "Search emoji", "aria-label": "Search emoji" });
  const grid = h("div", { class: "emoji-grid" });
  const show = () => {
    const part = search.value.trim().toLowerCase().replaceAll(" ", "_");
    const names = part ? emojiNamed(part) : [...new Set([...FREQUENT, ...emojiNamed("", 200)])].slice(0, 96);
    grid.replaceChildren(...names.map((word) => h("button", { type: "button", "aria-label": word, title: `:${word}:`, onclick: () => { close(); choose(word); } }, EMOJI.get(word))));
    if (names.length === 0) grid.append(h("p", { class: "empty" }, "No emoji is called that."));
  };
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") grid.querySelector("button")?.click();
    if (event.key === "ArrowDown") grid.querySelector("button")?.focus();
  });
  show();
  close = popup(anchor, h("div", { class: "emoji-picker" }, search, grid), { label: "Emoji", focus: search });
}
