// People, groups, channels: what they are called, and whether a text speaks to somebody.

export const isPersonOf = (store, user) => user.id !== store.bot_user && user.id !== "USLACKBOT" && !user.is_bot && !user.deleted;

/** The user groups of the acting person. */
const groupsOf = (store) => [...store.groups.values()].filter((group) => group.users?.includes(store.me));

/** Whether a message mentions the acting person: by name, by a group of theirs, or everybody. */
export function mentions(store, message) {
  const said = message.text + (message.blocks?.length ? JSON.stringify(message.blocks) : "");
  return speaksTo(store, (kind, id) => said.includes(`<${kind}${id}`) || said.includes(`_id":"${id}"`));
}

/** Whether any mention that `has(kind, id)` knows of is the acting person. */
function speaksTo(store, has) {
  if (has("@", store.me) || groupsOf(store).some((group) => has("!subteam^", group.id))) return true;
  return ["here", "channel", "everyone"].some((range) => has("!", `${range}>`) || has("!", `${range}|`));
}

export const isMe = (store, user) => user === store.me;
export const isMyGroup = (store, group) => groupsOf(store).some((one) => one.id === group);

/** What a conversation is called, and the mark that says its kind. */
export const titleOf = (store, channel) => (channel.is_im ? store.app.name || "opsbot" : channel.name);

export const sigil = (channel) => (channel.is_im ? "◆" : channel.is_private ? "🔒" : "#");

// The house's channel that has the incidents' cards.
const ALERTS = "platform-alerts";

/** That channel; another one where the acting person does not see it. */
export function cardRoom(store) {
  const rooms = [...store.channels.values()].filter((channel) => !channel.is_im);
  return rooms.find((channel) => channel.name === ALERTS) ?? rooms[0];
}

/** Whether the acting person may write there. */
export const mayWrite = (store, channel) =>
  !channel.is_archived && isMember(store, channel) && !(channel.is_im && (store.app.messages_tab === false || store.app.messages_read_only));

export const isMember = (store, channel) => channel.is_im || (channel.members ?? [store.me]).includes(store.me);
