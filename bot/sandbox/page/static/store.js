// What there is to show, and keeping it up to date: the whole state at first, then each change of the feeds.

import { get } from "./api.js";
import { notice } from "./dom.js";
import { monitoringOf } from "./monitoring.js";
import { emptySlack, slackTakers, takeSlack } from "./slack-state.js";
import { isPersonOf } from "./who.js";

const watchers = new Set();
let scheduled = false;

export const store = {
  connected: false,
  run: "", // which sandbox this is: another one each time that it is started
  stand_ins: [], // the names of those that the sandbox has
  me: localStorage.getItem("act-as") ?? "",
  ...emptySlack(),
  current: localStorage.getItem("channel") ?? "C0ALERTS1",
  tab: "messages", // of the app's direct messages: "home" or "messages"
  thread: null, // {channel, ts} of the thread that is open beside the messages
  target: null, // {channel, ts} of the message to bring into sight
  failures: new Map(), // `channel/ts` → what went wrong with an element of that message
  pagerduty: { incidents: [], notifications: [], people: [], faults: [] },
  slack_faults: { faults: [] },
  alertmanager: null, // the state of its stand-in; null where the sandbox has none
  prometheus: null,
  deployer: null,
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

/** Show a channel; the app's direct messages with the tab that was seen there last. */
export function choose(channel) {
  if (channel !== store.current) store.thread = null;
  store.current = channel;
  localStorage.setItem("channel", channel);
  changed();
}

export async function actAs(user) {
  store.me = user;
  store.thread = null;
  localStorage.setItem("act-as", user);
  await load();
}

export function name(user) {
  const found = store.users.get(user);
  return found ? found.real_name || found.name : user;
}

export const isPerson = (user) => isPersonOf(store, user);

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
      monitoring.load(),
    ]);
    takeSlack(store, slack);
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

const firstPerson = (state) => state.users.find((user) => isPersonOf({ bot_user: state.bot.user }, user)).id;

function take(source, event) {
  if (early) {
    early.push([source, event]);
    return;
  }
  if (event.number !== undefined && event.kind !== "reset" && event.number <= cursors[source]) return;
  takers[source](event);
  changed();
}

const slack = slackTakers(store, load);
const monitoring = monitoringOf(store, changed);

/** Load what Alertmanager's, Prometheus' or the deployer's stand-in knows soon. */
export const refresh = monitoring.refresh;

const takers = {
  clock: ({ offset_ms }) => {
    store.offset = offset_ms;
    monitoring.load(); // what fires, and how the services do, depends on the time
  },
  bot: (bot) => (store.bot = bot),
  slack: ({ kind, data }) => slack[kind]?.(data),
  pagerduty: ({ kind, data }) => pagerduty[kind]?.(data),
  ...monitoring.takers,
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

/** Follow the feed; after each (re)connection everything is loaded once. */
export function follow() {
  const feed = new EventSource("/feed");
  feed.addEventListener("hello", async (event) => {
    const { stand_ins, run } = JSON.parse(event.data);
    Object.assign(store, { stand_ins, run });
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
    // The browser connects again by itself, but not where it was refused, as while a stand-in is gone.
    if (feed.readyState === EventSource.CLOSED) setTimeout(follow, 2000);
  };
}
