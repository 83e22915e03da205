// What there is to show, and keeping it up to date: the whole state at first, then each change of the feed.

import { get } from "./api.js";
import { notice } from "./dom.js";

const watchers = new Set();
let scheduled = false;

export const store = {
  connected: false,
  me: localStorage.getItem("act-as") ?? "",
  bot_user: "",
  users: new Map(),
  groups: new Map(),
  channels: new Map(), // id → {…channel, messages: Map of ts → message}
  ephemerals: new Map(), // ts → {channel, message}
  views: [], // the modals of the acting user, the one on top last
  current: localStorage.getItem("channel") ?? "C0ALERTS1",
  unread: new Map(),
  threads: new Set(), // `channel/ts` of the threads that are open
  failures: new Map(), // `channel/ts` → what went wrong with an element of that message
  pagerduty: { incidents: [], notifications: [], people: [], faults: [] },
  slack_faults: { faults: [] },
  bot: { state: "starting", log: [], exit_code: null },
  offset: 0,
};

/** Call `render` soon after anything has changed. */
export function watch(render) {
  watchers.add(render);
}

export function changed() {
  if (scheduled) return;
  scheduled = true;
  // Not requestAnimationFrame: a page in the background is to be up to date, too.
  setTimeout(() => {
    scheduled = false;
    for (const render of watchers) render();
  });
}

/** The sandbox's present, in epoch milliseconds. */
export const now = () => Date.now() + store.offset;

export function choose(channel) {
  store.current = channel;
  store.unread.delete(channel);
  localStorage.setItem("channel", channel);
  changed();
}

export async function actAs(user) {
  store.me = user;
  localStorage.setItem("act-as", user);
  await load();
}

export function name(user) {
  const found = store.users.get(user);
  return found ? found.real_name || found.name : user;
}

// A load is under way: what comes meanwhile is kept, and what the loaded state already has is left out.
let early = null;
let cursors = { slack: 0, pagerduty: 0 };

export async function load() {
  early ??= [];
  try {
    if (!store.me) store.me = firstPerson(await get("/slack/state"));
    const [slack, pagerduty, faults, clock, bot] = await Promise.all([
      get(`/slack/state?user=${encodeURIComponent(store.me)}`).catch(forgetMe),
      get("/pagerduty/state"),
      get("/slack/faults"),
      get("/clock"),
      get("/bot"),
    ]);
    takeSlack(slack);
    store.pagerduty = pagerduty;
    store.slack_faults = faults;
    store.offset = clock.offset_ms;
    store.bot = bot;
    cursors = { slack: slack.cursor, pagerduty: pagerduty.feed };
  } catch (error) {
    notice(error.message);
  }
  const kept = early ?? [];
  early = null;
  for (const [source, event] of kept) take(source, event);
  changed();
}

function forgetMe(error) {
  localStorage.removeItem("act-as");
  store.me = "";
  throw error;
}

const firstPerson = (state) => state.users.find((user) => isPerson(user, state.bot.user)).id;

export const isPerson = (user, bot = store.bot_user) => user.id !== bot && user.id !== "USLACKBOT";

function takeSlack(state) {
  const byId = (items) => new Map(items.map((item) => [item.id, item]));
  store.bot_user = state.bot.user;
  store.users = byId(state.users);
  store.groups = byId(state.usergroups);
  store.channels = new Map(
    state.channels.map((channel) => [
      channel.id,
      { ...channel, messages: new Map(channel.messages.map((message) => [message.ts, message])) },
    ]),
  );
  store.ephemerals = new Map(state.ephemerals.map(({ channel, message }) => [message.ts, { channel, message }]));
  store.views = state.views;
  if (!store.channels.has(store.current)) store.current = state.channels[0]?.id ?? "";
}

function take(source, event) {
  if (early) {
    early.push([source, event]);
    return;
  }
  if (event.number !== undefined && event.kind !== "reset" && event.number <= cursors[source]) return;
  takers[source](event);
  changed();
}

const takers = {
  clock: ({ offset_ms }) => (store.offset = offset_ms),
  bot: (bot) => (store.bot = bot),
  slack: ({ kind, data }) => slack[kind]?.(data),
  pagerduty: ({ kind, data }) => pagerduty[kind]?.(data),
};

const slack = {
  message: ({ channel, message }) => {
    const there = store.channels.get(channel);
    if (!there) return load(); // a channel that is new, or that the acting user has just come to see
    there.messages.set(message.ts, message);
    const parent = there.messages.get(message.thread_ts);
    if (parent && parent.ts !== message.ts) parent.reply_count = repliesOf(there, parent.ts).length;
    if (channel !== store.current) store.unread.set(channel, (store.unread.get(channel) ?? 0) + 1);
    return undefined;
  },
  message_changed: ({ channel, message }) => store.channels.get(channel)?.messages.set(message.ts, message),
  message_deleted: ({ channel, message }) => store.channels.get(channel)?.messages.delete(message.ts),
  ephemeral: (data) => mine(data, () => store.ephemerals.set(data.message.ts, data)),
  ephemeral_changed: (data) => mine(data, () => store.ephemerals.set(data.message.ts, data)),
  ephemeral_deleted: (data) => mine(data, () => store.ephemerals.delete(data.message.ts)),
  view: (data) =>
    mine(data, () => {
      const index = store.views.findIndex((open) => open.view.id === data.view.id);
      if (index < 0) store.views.push(data);
      else store.views[index] = data;
    }),
  view_closed: (data) => mine(data, () => (store.views = store.views.filter((open) => open.view.id !== data.view_id))),
  channel: () => load(),
  reset: () => load(),
};

const pagerduty = {
  notification: (data) => store.pagerduty.notifications.push(data),
  incident: (data) => {
    const incidents = store.pagerduty.incidents;
    const index = incidents.findIndex((incident) => incident.id === data.id);
    if (index < 0) incidents.push(data);
    else incidents[index] = data;
  },
  reset: () => load(),
};

function mine(data, action) {
  if (data.user === store.me) action();
}

/** The replies to a message, oldest first. */
export function repliesOf(channel, ts) {
  return [...channel.messages.values()].filter((message) => message.thread_ts === ts && message.ts !== ts);
}

/** Follow the feed; after each (re)connection everything is loaded once. */
export function follow() {
  const feed = new EventSource("/feed");
  feed.addEventListener("hello", async () => {
    await load();
    store.connected = true;
    changed();
  });
  for (const source of Object.keys(takers)) {
    feed.addEventListener(source, (event) => take(source, JSON.parse(event.data)));
  }
  feed.onerror = () => {
    store.connected = false;
    changed();
  };
}
