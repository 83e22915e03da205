// Instants as people read them.

import { now } from "./store.js";

const format = (options) => (at) => new Intl.DateTimeFormat("en-GB", options).format(at);
const number = format({ year: "numeric", month: "2-digit", day: "2-digit" });
const long = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const plain = format({ day: "numeric", month: "long", year: "numeric" });
const short = format({ day: "numeric", month: "short", year: "numeric" });

export const time = format({ hour: "2-digit", minute: "2-digit" });
export const timeWithSeconds = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
export const day = format({ weekday: "short", day: "numeric", month: "short" });

const DAY = 86_400_000;

function pretty(otherwise) {
  return (at) => {
    const start = (instant) => new Date(instant).setHours(0, 0, 0, 0);
    const days = Math.round((start(at) - start(now())) / DAY);
    return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? otherwise(at);
  };
}

function ago(at) {
  const minutes = Math.round((at - now()) / 60_000);
  const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
  if (Math.abs(minutes) < 48 * 60) return relative.format(Math.round(minutes / 60), "hour");
  return relative.format(Math.round(minutes / 1440), "day");
}

const TOKENS = {
  date_num: number, date: plain, date_short: short, date_long: long, date_pretty: pretty(plain),
  date_short_pretty: pretty(short), date_long_pretty: pretty(long), time, time_secs: timeWithSeconds, ago,
};

/** Slack's `<!date^…>`: the instant (epoch seconds) in the format's words. */
export function slackDate(seconds, pattern) {
  const at = new Date(Number(seconds) * 1000);
  return pattern.replace(/\{(\w+)\}/g, (token, word) => TOKENS[word]?.(at) ?? token);
}

/** The instant of a message's `ts`. */
export const moment = (ts) => new Date(Number(ts) * 1000);

/** When a message was written; with the day, where that is not today. */
export function stamp(ts) {
  const at = moment(ts);
  const today = at.toDateString() === new Date(now()).toDateString();
  return today ? time(at) : `${day(at)}, ${time(at)}`;
}

/** A day as a line between messages says it. */
export function dayOf(at) {
  const words = pretty(long)(at);
  return words[0].toUpperCase() + words.slice(1);
}
