// How far each person has read each channel; kept over reloads.

import { mentions } from "./who.js";

let marks = { me: null, read: {} };
let watching = ""; // person and channel that are being looked at
const lines = new Map(); // person and channel → the ts after which what is new begins

function readBy(me) {
  if (marks.me !== me) marks = { me, read: JSON.parse(localStorage.getItem(`read/${me}`) ?? "{}") };
  return marks.read;
}

/** The last message that the acting person has read. A mark from another sandbox's future counts as none. */
function mark(store, channel) {
  const read = Number(readBy(store.me)[channel.id] ?? 0);
  return read * 1000 > Date.now() + store.offset + 60_000 ? 0 : read;
}

const hereOf = (store, channel) => `${store.me}/${channel.id}`;

const inChannel = (message) => !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";

/** What the channel has that the acting person has not read: how many messages, and of these how many mention them. */
export function unreadIn(store, channel) {
  if (channel.is_archived) return { count: 0, mentions: 0 };
  const after = mark(store, channel);
  const fresh = [...channel.messages.values()].filter((one) => Number(one.ts) > after && one.user !== store.me && inChannel(one));
  return { count: fresh.length, mentions: channel.is_im ? fresh.length : fresh.filter((one) => mentions(store, one)).length };
}

/**
 * The acting person looks at this channel now. What was unread when they came is marked by a line; not where they
 * never were, as all of it is new to them. Says whether anything was.
 */
export function look(store, channel) {
  const here = hereOf(store, channel);
  const read = readBy(store.me);
  if (here !== watching) {
    const after = mark(store, channel);
    if (after > 0 && unreadIn(store, channel).count > 0) lines.set(here, after);
    else if (watching) lines.delete(here); // not where they only looked away and back
    watching = here;
  }
  const last = Math.max(0, ...[...channel.messages.keys()].map(Number));
  if (Number(read[channel.id] ?? 0) === last || last === 0) return false;
  read[channel.id] = last;
  localStorage.setItem(`read/${store.me}`, JSON.stringify(read));
  return true;
}

/** The acting person looks at nothing: what comes now is new to them. */
export function lookAway() {
  watching = "";
}

/** Where the line "New" stands for the acting person: after this ts; undefined where there is none. */
export const newAfter = (store, channel) => lines.get(hereOf(store, channel));
