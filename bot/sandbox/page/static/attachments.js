// Attachments: blocks, or Slack's older fields, beside a coloured bar.

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { imageOf } from "./files.js";
import { link, mrkdwn } from "./mrkdwn.js";
import { stamp } from "./when.js";

const COLOURS = { good: "good", warning: "warn", danger: "danger" };

export const attachments = (list, act) => (list ?? []).map((one) => attached(one, act));

function attached(attachment, act) {
  const bar = h("div", { class: `attachment ${COLOURS[attachment.color] ?? ""}` }, attachment.blocks?.length ? blocks(attachment.blocks, act) : older(attachment));
  if (/^#?[0-9a-f]{6}$/i.test(attachment.color ?? "")) bar.style.borderColor = `#${attachment.color.replace("#", "")}`;
  return [attachment.pretext && h("p", { class: "text" }, mrkdwn(attachment.pretext)), bar];
}

function older(attachment) {
  const { author_name, title, title_link, text, fallback, fields, image_url, footer, ts } = attachment;
  return [
    author_name && h("p", { class: "quiet" }, author_name),
    title && h("p", {}, h("strong", {}, title_link ? link(title_link, [title]) : title)),
    (text || (!title && !fields && fallback)) && h("p", { class: "text" }, mrkdwn(text || fallback)),
    fields && h("div", { class: "fields" }, fields.map((field) => h("p", { class: field.short ? "" : "wide" }, h("strong", {}, field.title), h("br"), mrkdwn(String(field.value ?? ""))))),
    image_url && imageOf({ image_url, alt_text: title || fallback }),
    (footer || ts) && h("p", { class: "quiet" }, [footer, ts && stamp(String(ts))].filter(Boolean).join(" · ")),
  ];
}
