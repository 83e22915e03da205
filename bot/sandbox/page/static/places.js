// Where a message is: links that lead to it in this page, and going there.

import { showPanel } from "./panels.js";
import { changed, choose, store, watch } from "./store.js";

/** This page's link to what a permalink of Slack's leads to; null for any other address, or what is not here. */
export function placeOf(url) {
  const archive = /^https:\/\/[\w-]+\.slack\.com\/archives\/([CDG]\w+)(?:\/p(\d{10})(\d{6}))?/.exec(url);
  const redirect = /^https:\/\/slack\.com\/app_redirect\?(.*)$/.exec(url);
  const [channel, ts] = archive
    ? [archive[1], archive[2] && `${archive[2]}.${archive[3]}`]
    : redirect
      ? [new URLSearchParams(redirect[1]).get("channel"), new URLSearchParams(redirect[1]).get("message_ts")]
      : [];
  if (!store.channels.has(channel)) return null;
  return linkTo(channel, ts);
}

export const linkTo = (channel, ts) => (ts ? `#${channel}/${ts}` : `#${channel}`);

/** Bring a message into sight: its channel, its thread where it is a reply, and a mark that fades. */
export function goTo(channel, ts) {
  const there = store.channels.get(channel);
  if (!there) return;
  choose(channel);
  store.tab = "messages";
  const message = there.messages.get(ts);
  if (message?.thread_ts && message.thread_ts !== ts) store.thread = { channel, ts: message.thread_ts };
  store.target = message ? { channel, ts } : null;
  showPanel("conversation");
  changed();
}

/** Follow the address: `#C…/ts`. */
export function startPlaces() {
  const follow = () => {
    const found = /^#([CDG]\w+)(?:\/([\d.]+))?$/.exec(location.hash);
    if (!found) return;
    history.replaceState(null, "", location.pathname);
    goTo(found[1], found[2]);
  };
  window.addEventListener("hashchange", follow);
  let early = true; // until the channels are known
  watch(() => {
    if (early && store.connected) follow();
    early &&= !store.connected;
  });
}

/** After drawing: scroll to the message that is looked for, if it is in this container. */
export function reach(container) {
  const { target } = store;
  const element = target && container.querySelector(`[data-ts="${CSS.escape(target.ts)}"]`);
  if (!element) return false;
  store.target = null;
  element.scrollIntoView({ block: "center" });
  element.focus({ preventScroll: true });
  element.classList.add("found");
  setTimeout(() => element.classList.remove("found"), 2500);
  return true;
}
