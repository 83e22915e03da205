// Who acts, and the channels that this person sees.

import { fill, h } from "./dom.js";
import { actAs, choose, isPerson, store } from "./store.js";
import { showPanel } from "./panels.js";

const nav = document.getElementById("channels");
const who = document.getElementById("act-as");

export function startChannels() {
  who.addEventListener("change", () => actAs(who.value));
}

export function renderChannels() {
  const people = [...store.users.values()].filter((user) => isPerson(user));
  if (who.options.length !== people.length) fill(who, people.map((user) => h("option", { value: user.id }, described(user))));
  who.value = store.me;
  const rooms = [...store.channels.values()].filter((channel) => !channel.is_im);
  const direct = [...store.channels.values()].filter((channel) => channel.is_im);
  fill(nav, h("h2", {}, "Channels"), h("ul", {}, rooms.map(entry)), direct.length > 0 && [h("h2", {}, "Apps"), h("ul", {}, direct.map(entry))]);
  renderHead(store.channels.get(store.current));
}

const described = (user) => `${user.real_name} · ${user.profile.title}${user.is_restricted ? " (guest)" : ""}`;

const title = (channel) => (channel.is_im ? "opsbot" : channel.name);
const sigil = (channel) => (channel.is_im ? "@" : channel.is_private ? "🔒" : "#");

function entry(channel) {
  const unread = store.unread.get(channel.id);
  const current = channel.id === store.current;
  const open = () => {
    choose(channel.id);
    showPanel("conversation");
  };
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", "aria-current": current && "true", class: unread ? "unread" : "", data: { focus: channel.id }, onclick: open },
      h("span", { class: "sigil", "aria-hidden": "true" }, sigil(channel)),
      h("span", {}, title(channel), channel.is_private && h("span", { class: "hidden" }, " (private)")),
      unread && h("span", { class: "count" }, String(unread), h("span", { class: "hidden" }, " unread")),
    ),
  );
}

function renderHead(channel) {
  if (!channel) return;
  const members = (channel.members ?? []).filter((id) => id !== store.bot_user).length;
  document.getElementById("channel-name").textContent = `${sigil(channel)} ${title(channel)}`;
  const about = [
    channel.is_archived && "archived",
    channel.is_im ? "Direct messages of the app" : `${members} ${members === 1 ? "person" : "people"}`,
    !channel.is_im && !channel.is_member && "opsbot is not in this channel",
    channel.topic?.value,
  ];
  document.getElementById("channel-about").textContent = about.filter(Boolean).join(" · ");
}
