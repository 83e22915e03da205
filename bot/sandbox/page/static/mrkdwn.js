// Slack's mrkdwn as elements.

import { h } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { name, store } from "./store.js";
import { slackDate } from "./when.js";

const TOKEN = new RegExp(
  [
    "```(?<fence>[\\s\\S]+?)```",
    "`(?<code>[^`\\n]+)`",
    "<(?<link>[^<>\\n]+)>",
    ":(?<emoji>[a-z0-9_+-]+):",
    "(?<![\\w*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\w~])",
  ].join("|"),
  "g",
);

const decoded = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** A text as elements: paragraphs' lines, quotes, code, mentions, dates, links. */
export function mrkdwn(text) {
  const blocks = [];
  let quoted = false;
  for (const line of linesOf(text)) {
    const quote = /^(?:>|&gt;) ?(?!>)/.exec(line);
    const content = inline(quote ? line.slice(quote[0].length) : line);
    if (blocks.length > 0 && Boolean(quote) === quoted) blocks.at(-1).append(h("br"), ...content);
    else blocks.push(h(quote ? "blockquote" : "span", {}, content));
    quoted = Boolean(quote);
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
  return angled(found.link);
}

function angled(inside) {
  const [target, label] = splitOnce(inside, "|");
  if (target.startsWith("@")) return mention(`@${name(target.slice(1))}`);
  if (target.startsWith("#")) return mention(`#${store.channels.get(target.slice(1))?.name ?? label ?? target.slice(1)}`);
  if (target.startsWith("!subteam^")) return mention(`@${store.groups.get(target.slice(9))?.handle ?? label ?? target.slice(9)}`);
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!")) return mention(`@${target.slice(1)}`);
  return link(decoded(target), label === undefined ? decoded(target) : inline(label));
}

function date(target, fallback) {
  const [, seconds, pattern, url] = target.split("^");
  const shown = h("time", { title: new Date(Number(seconds) * 1000).toString() }, slackDate(seconds, decoded(pattern ?? "")) || fallback);
  return url ? link(decoded(url), [shown]) : shown;
}

const mention = (text) => h("span", { class: "mention" }, text);

/** A link where its scheme is harmless, else its text. */
export function link(url, children) {
  if (!/^(https?|mailto):/i.test(url)) return h("span", {}, children);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, children);
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** A text object of Block Kit. */
export function textObject(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text) : [plain(object)];
}

/** A plain text object as a string. */
export function plain(object) {
  if (!object) return "";
  return object.emoji === false ? object.text : withEmoji(object.text);
}
