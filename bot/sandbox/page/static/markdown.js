// Markdown as Slack's markdown block takes it: headings, lists, quotes, code, tables, and the usual inline marks.

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { channelMention, link, userMention } from "./mrkdwn.js";

const INLINE = new RegExp(
  [
    "`(?<code>[^`]+)`",
    "\\*\\*(?<bold>\\S(?:.*?\\S)?)\\*\\*",
    "__(?<strong>\\S(?:.*?\\S)?)__",
    "~~(?<strike>\\S(?:.*?\\S)?)~~",
    "(?<![\\w*])\\*(?<em>[^\\s*](?:[^*]*[^\\s*])?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>[^\\s_](?:[^_]*[^\\s_])?)_(?![\\w_])",
    "!?\\[(?<label>[^\\]]*)\\]\\((?<url>[^)\\s]+)\\)",
    "<@(?<user>\\w+)>",
    "<#(?<channel>\\w+)(?:\\|[^>]*)?>",
    "<?(?<bare>https?://[^\\s<>)]+)>?",
  ].join("|"),
  "g",
);

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(withEmoji(text.slice(end, match.index)), element(match.groups));
    end = match.index + match[0].length;
  }
  nodes.push(withEmoji(text.slice(end)));
  return nodes.filter((node) => node !== "");
}

function element(found) {
  if (found.code) return h("code", {}, found.code);
  if (found.bold ?? found.strong) return h("strong", {}, inline(found.bold ?? found.strong));
  if (found.strike) return h("s", {}, inline(found.strike));
  if (found.em ?? found.italic) return h("em", {}, inline(found.em ?? found.italic));
  if (found.user) return userMention(found.user);
  if (found.channel) return channelMention(found.channel);
  if (found.bare) return link(found.bare, [found.bare]);
  return link(found.url, inline(found.label || found.url));
}

// What begins a block, and how many lines belong to it. The first that fits counts.
const KINDS = [
  [/^```/, fence],
  [/^#{1,6} /, heading],
  [/^ {0,3}([-*_])( *\1){2,} *$/, (lines) => [h("hr"), lines.slice(1)]],
  [/^> ?/, quote],
  [/^\s*([-*+]|\d+[.)]) /, list],
  [/^\|.*\|\s*$/, table],
];

/** A text's blocks as elements. */
export function markdown(text) {
  const nodes = [];
  let lines = String(text).split("\n");
  while (lines.length > 0) {
    const kind = KINDS.find(([begin]) => begin.test(lines[0]));
    const [node, rest] = kind ? kind[1](lines) : paragraph(lines);
    if (node) nodes.push(node);
    lines = rest;
  }
  return nodes;
}

function taking(lines, fits) {
  const end = lines.findIndex((line) => !fits(line));
  return end < 0 ? [lines, []] : [lines.slice(0, end), lines.slice(end)];
}

function fence([, ...lines]) {
  const [inside, rest] = taking(lines, (line) => !line.startsWith("```"));
  return [h("pre", {}, inside.join("\n")), rest.slice(1)];
}

function heading([line, ...rest]) {
  return [h("h4", { class: `level${/^#+/.exec(line)[0].length}` }, inline(line.replace(/^#+ /, ""))), rest];
}

function quote(lines) {
  const [inside, rest] = taking(lines, (line) => line.startsWith(">"));
  return [h("blockquote", {}, markdown(inside.map((line) => line.replace(/^> ?/, "")).join("\n"))), rest];
}

function list(lines) {
  const item = /^(\s*)([-*+]|\d+[.)]) (.*)$/;
  const [inside, rest] = taking(lines, (line) => item.test(line));
  const tagOf = (mark) => (/\d/.test(mark) ? "ol" : "ul");
  const [, base, first] = item.exec(inside[0]);
  const root = h(tagOf(first), {});
  const stack = [{ depth: base.length, node: root }];
  for (const line of inside) {
    const [, indent, mark, words] = item.exec(line);
    while (stack.length > 1 && indent.length < stack.at(-1).depth) stack.pop();
    if (indent.length > stack.at(-1).depth && stack.at(-1).node.lastElementChild) {
      const node = h(tagOf(mark), {});
      stack.at(-1).node.lastElementChild.append(node);
      stack.push({ depth: indent.length, node });
    }
    stack.at(-1).node.append(h("li", {}, task(words)));
  }
  return [root, rest];
}

function task(words) {
  const found = /^\[([ xX])\] (.*)$/.exec(words);
  return found ? [found[1] === " " ? "☐ " : "☑ ", ...inline(found[2])] : inline(words);
}

function table(lines) {
  const [inside, rest] = taking(lines, (line) => /^\|.*\|\s*$/.test(line));
  const rows = inside.filter((line) => !/^\|[\s:|-]+\|\s*$/.test(line)).map((line) => line.trim().slice(1, -1).split("|").map((cell) => cell.trim()));
  const row = (tag) => (cells) => h("tr", {}, cells.map((cell) => h(tag, {}, inline(cell))));
  return [h("div", { class: "table" }, h("table", {}, h("thead", {}, row("th")(rows[0])), h("tbody", {}, rows.slice(1).map(row("td"))))), rest];
}

function paragraph(lines) {
  const [inside, rest] = taking(lines, (line) => line.trim() && !KINDS.some(([begin]) => begin.test(line)));
  if (inside.length === 0) return [null, lines.slice(1)];
  return [h("p", {}, inside.flatMap((line, index) => (index ? [h("br"), ...inline(line)] : inline(line)))), rest];
}
