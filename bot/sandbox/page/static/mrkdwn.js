// Slack's mrkdwn as elements.

import { h } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { placeOf } from "./places.js";
import { name, store } from "./store.js";
import { slackDate } from "./when.js";
import { isMe, isMyGroup } from "./who.js";

const TOKEN = new RegExp(
  [
    "```(?<fence>[\\s\\S]+?)```",
    "`(?<code>[^`\\n]+)`",
    "<(?<link>[^<>\\n]+)>",
    ":(?<emoji>[a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?",
    "(?<![\\w*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\w~])",
    "(?<bare>https?://[^\\s<>|]*[^\\s<>|.,;:!?)\\]}'\"*_~])",
  ].join("|"),
  "g",
);

const decoded = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** A text as elements: paragraphs' lines, quotes, code, mentions, dates, links. */
export function mrkdwn(text) {
  const blocks = [];
  let quoted = false;
  let rest = false; // after `>>>` everything is quoted
  for (const line of linesOf(text)) {
    const quote = /^(?:>|&gt;){3} ?/.exec(line) ?? /^(?:>|&gt;)(?!>|&gt;) ?/.exec(line);
    const content = inline(quote && !rest ? line.slice(quote[0].length) : line);
    rest ||= Boolean(quote) && /^(?:>|&gt;){3}/.test(quote[0]);
    if (blocks.length > 0 && (rest || Boolean(quote)) === quoted) blocks.at(-1).append(h("br"), ...content);
    else blocks.push(h(quote || rest ? "blockquote" : "span", {}, content));
    quoted = rest || Boolean(quote);
  }
  return blocks;
}

/** Lines, where a fenced part counts as within one line. */
function linesOf(text) {
  return text.split(/(```[\s\S]+?```)/).reduce(
    (lines, part, index) => {
      const [first, ...rest] = index % 2 ? [part] : part.split("\n");
      lines[lines.length - 1] += first;
      return lines.concat(rest);
    },
    [""],
  );
}

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    nodes.push(decoded(text.slice(end, match.index)), element(match.groups));
    end = match.index + match[0].length;
  }
  nodes.push(decoded(text.slice(end)));
  return nodes.filter((node) => node !== "");
}

function element(found) {
  if (found.fence !== undefined) return h("pre", {}, decoded(found.fence.replace(/^\n|\n$/g, "")));
  if (found.code !== undefined) return h("code", {}, decoded(found.code));
  if (found.emoji !== undefined) return emoji(found.emoji);
  if (found.bold !== undefined) return h("strong", {}, inline(found.bold));
  if (found.italic !== undefined) return h("em", {}, inline(found.italic));
  if (found.strike !== undefined) return h("s", {}, inline(found.strike));
  if (found.bare !== undefined) return link(decoded(found.bare), decoded(found.bare));
  return angled(found.link);
}

function angled(inside) {
  const [target, label] = splitOnce(inside, "|");
  if (target.startsWith("@")) return userMention(target.slice(1), label);
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!subteam^")) return groupMention(target.slice(9), label);
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!")) return mention(`@${target.slice(1)}`, true);
  return link(decoded(target), label === undefined ? decoded(target) : inline(label));
}

const mention = (text, mine) => h("span", { class: mine ? "mention mine" : "mention" }, text);

export const userMention = (user, label) =>
  mention(`@${store.users.has(user) ? name(user) : (label ?? user).replace(/^@/, "")}`, isMe(store, user));

export const groupMention = (group, label) =>
  mention(`@${(store.groups.get(group)?.handle ?? label ?? group).replace(/^@/, "")}`, isMyGroup(store, group));

export function channelMention(id, label) {
  const channel = store.channels.get(id);
  if (!channel) return mention(`#${label || "private channel"}`, false);
  return h("a", { class: "mention", href: `#${id}` }, `#${channel.name}`);
}

function date(target, fallback) {
  const [, seconds, pattern, url] = target.split("^");
  return dateElement(seconds, decoded(pattern ?? ""), fallback && decoded(fallback), url && decoded(url));
}

/** An instant in the viewer's zone, in the format's words. */
export function dateElement(seconds, pattern, fallback, url) {
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime())) return h("span", {}, fallback ?? "");
  const shown = h("time", { datetime: at.toISOString(), title: at.toString() }, slackDate(seconds, pattern) || fallback);
  return url ? link(url, [shown]) : shown;
}

const ELSEWHERE = [
  [/^https?:\/\/docs\.suuupra\.com\/runbooks\/([\w.-]+)/, "/elsewhere/runbooks/"],
  [/^https?:\/\/grafana\.suuupra\.com\/d\/([\w-]+)/, "/elsewhere/dashboards/"],
  [/^https?:\/\/prometheus\.suuupra\.com\/(graph)/, "/elsewhere/prometheus/"],
];

/** Where in the sandbox a link leads that an alert brings; nothing for others. */
function elsewhereOf(url) {
  for (const [pattern, folder] of ELSEWHERE) {
    const found = pattern.exec(url);
    if (found) return folder + found[1];
  }
  return null;
}

/** A link where its scheme is harmless, else its text. A link to a message of the workspace leads to it here. */
export function link(url, children) {
  const here = placeOf(url);
  if (here) return h("a", { href: here }, children);
  if (!/^(https?|mailto|tel):/i.test(url)) return h("span", {}, children);
  return h("a", { href: elsewhereOf(url) ?? url, target: "_blank", rel: "noopener noreferrer" }, children);
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** A text object of Block Kit. */
export function textObject(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  return plain(object).split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

/** A plain text object as a string. */
export function plain(object) {
  if (!object) return "";
  return object.emoji === false ? object.text : withEmoji(object.text);
}
