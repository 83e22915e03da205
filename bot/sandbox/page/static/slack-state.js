// Slack's part of the state: taking it over whole, and each change of its feed.

const NO_APP = { name: "opsbot", commands: [], any_command: true, shortcuts: [], events: [], scopes: [], home_tab: false, messages_tab: true };

export const emptySlack = () => ({
  bot_user: "",
  app: NO_APP,
  users: new Map(),
  groups: new Map(),
  channels: new Map(), // id → {…channel, messages: Map of ts → message}
  ephemerals: new Map(), // ts → {channel, message}
  views: [], // the modals of the acting person, the one on top last
  homes: new Map(), // person → the Home tab that the app published for them
});

const byId = (items) => new Map((items ?? []).map((item) => [item.id, item]));
const byTs = (messages) => new Map((messages ?? []).map((message) => [message.ts, message]));

/** Take over the whole state, as the acting person sees it. */
export function takeSlack(store, state) {
  store.bot_user = state.bot.user;
  store.app = { ...NO_APP, ...state.app };
  store.users = byId(state.users);
  store.groups = byId(state.usergroups);
  store.channels = new Map(state.channels.map((channel) => [channel.id, { ...channel, messages: byTs(channel.messages) }]));
  store.ephemerals = new Map(
    state.ephemerals
      .filter(({ message }) => !dismissed.has(message.ts))
      .map(({ channel, message }) => [message.ts, { channel, message }]),
  );
  store.views = state.views;
  store.homes = new Map((state.homes ?? []).map(({ user, view }) => [user, view]));
  if (!store.channels.has(store.current)) store.current = state.channels[0]?.id ?? "";
}

// `person/channel` where that person is known not to see it: no reason to load everything again and again.
const unseen = new Set();

/** What each kind of change does; `load` asks for the whole state again. */
export function slackTakers(store, load) {
  const mine = (data, action) => data.user === store.me && action();
  const messages = (channel) => store.channels.get(channel)?.messages;
  const keep = (data) => mine(data, () => store.ephemerals.set(data.message.ts, data));
  return {
    message({ channel, message }) {
      if (messages(channel)) messages(channel).set(message.ts, message);
      else if (!unseen.has(`${store.me}/${channel}`)) {
        unseen.add(`${store.me}/${channel}`);
        load();
      }
    },
    message_changed: ({ channel, message }) => messages(channel)?.set(message.ts, message),
    message_deleted: ({ channel, message }) => messages(channel)?.delete(message.ts),
    ephemeral: keep,
    ephemeral_changed: keep,
    ephemeral_deleted: (data) => mine(data, () => store.ephemerals.delete(data.message.ts)),
    view: (data) => mine(data, () => putView(store.views, data)),
    view_closed: (data) => mine(data, () => (store.views = store.views.filter((open) => open.view.id !== data.view_id))),
    home: ({ user, view }) => store.homes.set(user, view),
    channel: (channel) => takeChannel(store, channel, load),
    reset: () => load(),
  };
}

function putView(views, data) {
  const index = views.findIndex((open) => open.view.id === data.view.id);
  if (index < 0) views.push(data);
  else views[index] = data;
}

function takeChannel(store, channel, load) {
  const known = store.channels.get(channel.id);
  const left = channel.is_private && channel.members && !channel.members.includes(store.me);
  unseen.delete(`${store.me}/${channel.id}`);
  if (known && !left) store.channels.set(channel.id, { ...known, ...channel, messages: known.messages });
  else if (known || !left) load();
}

// Ephemeral messages that were dismissed stay away in this tab; the app never hears of it.
const dismissed = new Set(JSON.parse(sessionStorage.getItem("dismissed") ?? "[]"));

export function dismiss(store, ts) {
  dismissed.add(ts);
  sessionStorage.setItem("dismissed", JSON.stringify([...dismissed].slice(-200)));
  store.ephemerals.delete(ts);
}

/** The replies to each message of a channel that has any, oldest first, by the message's ts. */
export function threadsOf(channel) {
  const threads = new Map();
  for (const message of channel.messages.values()) {
    if (!message.thread_ts || message.thread_ts === message.ts) continue;
    if (!threads.has(message.thread_ts)) threads.set(message.thread_ts, []);
    threads.get(message.thread_ts).push(message);
  }
  return threads;
}
