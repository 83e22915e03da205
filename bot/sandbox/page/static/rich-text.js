// Slack's rich text: what its own composer writes, and what apps may.

import { h } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { channelMention, dateElement, groupMention, link, userMention } from "./mrkdwn.js";

/** The elements of a rich_text block. */
export const richText = (elements) => joined((elements ?? []).map(piece));

/** The same, for a table's cell: without paragraphs of its own. */
export const richTextInline = (elements) => (elements ?? []).flatMap((one) => (one.type === "rich_text_section" ? inline(one.elements) : [piece(one)]));

function piece(element) {
  const content = inline(element.elements);
  if (element.type === "rich_text_preformatted") return h("pre", {}, content);
  if (element.type === "rich_text_quote") return h("blockquote", {}, content);
  if (element.type === "rich_text_list") return list(element);
  return h("p", {}, content);
}

function list(element) {
  const tag = element.style === "ordered" ? "ol" : "ul";
  const node = h(tag, { class: `indent${Math.min(Number(element.indent) || 0, 8)}` }, (element.elements ?? []).map((item) => h("li", {}, inline(item.elements))));
  if (element.offset) node.start = Number(element.offset) + 1;
  return node;
}

/** Lists of deeper indent stand within the list before them, as they are read. */
function joined(nodes) {
  return nodes.reduce((kept, node) => {
    const before = kept.at(-1);
    const deeper = /^(UL|OL)$/.test(node.tagName) && /^(UL|OL)$/.test(before?.tagName) && depth(node) > depth(before);
    if (deeper && before.lastElementChild) before.lastElementChild.append(node);
    else kept.push(node);
    return kept;
  }, []);
}

const depth = (node) => Number(/indent(\d)/.exec(node.className)?.[1] ?? 0);

const inline = (elements) => (elements ?? []).map(styled);

function styled(element) {
  const node = (inlines[element.type] ?? other)(element);
  const { bold, italic, strike, code, underline } = element.style ?? {};
  const tags = [code && "code", strike && "s", italic && "em", bold && "strong", underline && "u"].filter(Boolean);
  return tags.reduce((inner, tag) => h(tag, {}, inner), node);
}

const inlines = {
  text: ({ text }) => h("span", {}, lines(text)),
  link: ({ url, text }) => link(url, [text || url]),
  emoji: ({ name, unicode }) => EMOJI.get(name) ?? fromCodes(unicode) ?? `:${name}:`,
  user: ({ user_id }) => userMention(user_id),
  usergroup: ({ usergroup_id }) => groupMention(usergroup_id),
  channel: ({ channel_id }) => channelMention(channel_id),
  broadcast: ({ range }) => h("span", { class: "mention mine" }, `@${range}`),
  date: ({ timestamp, format, fallback, url }) => dateElement(timestamp, format ?? "", fallback, url),
  color: ({ value }) => h("code", {}, value),
};

const other = (element) => h("span", { class: "unknown" }, element.text ?? `[${element.type}]`);

const lines = (text = "") => text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));

const fromCodes = (unicode) => unicode && String.fromCodePoint(...unicode.split("-").map((code) => Number.parseInt(code, 16)));
