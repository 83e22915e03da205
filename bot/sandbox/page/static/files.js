// Files of messages: images are shown, texts are read in the page, others are links.

import { h } from "./dom.js";

const address = (id) => `/slack/file?id=${encodeURIComponent(id)}`;

export function files(list) {
  if (!list?.length) return null;
  return h("div", { class: "files" }, list.map((file) => shown(file)));
}

function shown(file) {
  if (file.mode === "tombstone") return gone();
  if (/^image\//.test(file.mimetype ?? "")) return picture(file);
  return /^(text\/|application\/json)/.test(file.mimetype ?? "") ? readable(file) : other(file);
}

const gone = () => h("p", { class: "quiet" }, "This file was deleted.");

function picture(file) {
  const title = file.title || file.name;
  return h("figure", {}, h("figcaption", {}, title), enlargeable(address(file.id), file.alt_txt || title));
}

const download = (file) => ({ href: address(file.id), download: file.name || "", target: "_blank", rel: "noopener" });

const other = (file) => h("a", { class: "file", ...download(file) }, ...facts(file));

function readable(file) {
  const title = file.title || file.name;
  const read = async () => {
    const reply = await fetch(address(file.id));
    const text = reply.ok ? await reply.text() : "This file cannot be read.";
    opened(title, h("pre", { tabindex: "0" }, text), h("a", download(file), "Download"));
  };
  return h("button", { type: "button", class: "file", "aria-label": `Read: ${title}`, onclick: read }, ...facts(file));
}

function facts(file) {
  return [
    h("span", { class: "kind", "aria-hidden": "true" }, (file.filetype || file.name?.split(".").pop() || "file").slice(0, 4).toUpperCase()),
    h("span", {}, h("strong", {}, file.title || file.name), h("small", {}, [file.mimetype, size(file.size)].filter(Boolean).join(" · "))),
  ];
}

function size(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

/** An image of Block Kit: one of this machine's, or a link to where it is, as the page asks no other host. */
export function imageOf(element) {
  const file = element.slack_file?.id ?? /\/(F[A-Z0-9]+)\//.exec(element.slack_file?.url ?? "")?.[1];
  if (file) return enlargeable(address(file), element.alt_text ?? "");
  if (isHere(element.image_url)) return enlargeable(element.image_url, element.alt_text ?? "");
  const words = `🖼 ${element.alt_text || "Image"}`;
  if (!/^https?:/i.test(element.image_url ?? "")) return h("span", { class: "elsewhere" }, words);
  return h("a", { class: "elsewhere", href: element.image_url, target: "_blank", rel: "noopener noreferrer", title: "The sandbox loads no images from elsewhere" }, words);
}

const isHere = (url) => /^(\/(?!\/)|data:image\/|http:\/\/127\.0\.0\.1(:\d+)?\/)/i.test(url ?? "");

function enlargeable(src, alt) {
  const enlarge = () => {
    const box = opened(alt, h("img", { src, alt }), alt && h("p", {}, alt));
    box.onclick = () => box.close();
  };
  return h("button", { type: "button", class: "picture", "aria-label": `Enlarge: ${alt || "image"}`, onclick: enlarge }, h("img", { src, alt, loading: "lazy" }));
}

/** A dialog of its own around something that is looked at. */
function opened(label, ...inside) {
  const box = h("dialog", { class: "enlarged", "aria-label": label, onclose: () => box.remove() }, ...inside, h("button", { type: "button", onclick: () => box.close() }, "Close"));
  document.body.append(box);
  box.showModal();
  return box;
}
