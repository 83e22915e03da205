// Block Kit's blocks as elements.

import { h } from "./dom.js";
import { control } from "./elements.js";
import { imageOf } from "./files.js";
import { markdown } from "./markdown.js";
import { plain, textObject } from "./mrkdwn.js";
import { richText, richTextInline } from "./rich-text.js";

/**
 * The elements for blocks. `act(element, value, node)` tells the app of what is used in them; in a `form`, a
 * control in an input block only waits for the submission.
 */
export function blocks(list, act) {
  return list.map((block) => {
    const element = (kinds[block.type] ?? unknown)(block, act);
    element.classList.add("block");
    element.dataset.block = block.block_id ?? "";
    return element;
  });
}

const kinds = {
  header: (block) => h("h3", {}, plain(block.text)),
  divider: () => h("hr"),
  section(block, act) {
    return h(
      "div",
      { class: block.accessory?.type === "image" ? "section pictured" : "section" },
      h(
        "div",
        {},
        block.text && h("p", {}, textObject(block.text)),
        block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("p", {}, textObject(field)))),
      ),
      block.accessory && h("div", { class: "accessory" }, part(block.accessory, act, plain(block.text))),
    );
  },
  context: (block, act) => h("div", { class: "context" }, block.elements.map((element) => part(element, act))),
  actions: (block, act) => h("div", { class: "actions" }, block.elements.map((element) => part(element, act))),
  image: (block) => h("figure", {}, block.title && h("figcaption", {}, textObject(block.title)), imageOf(block)),
  input,
  rich_text: (block) => h("div", { class: "rich" }, richText(block.elements)),
  markdown: (block) => h("div", { class: "rich" }, markdown(block.text)),
  table,
  file: () => h("p", { class: "quiet" }, "A file of another service's"),
};

function part(element, act, label) {
  if (element.type === "image") return imageOf(element);
  if (element.type === "mrkdwn" || element.type === "plain_text") return h("span", {}, textObject(element));
  return control(element, act, label || undefined) ?? unknown(element);
}

/** A label, its control, a hint, and room for what is wrong with what was entered. */
function input(block, act) {
  const label = plain(block.label);
  const node = control(block.element, block.dispatch_action ? act : undefined, label) ?? unknown(block.element);
  const error = h("p", { class: "error", role: "alert", id: `error-${crypto.randomUUID()}`, hidden: true });
  const hint = block.hint && h("small", { id: `hint-${crypto.randomUUID()}` }, plain(block.hint));
  for (const field of node.matches("input, select, textarea") ? [node] : [node.querySelector?.("input, select, textarea")].filter(Boolean)) {
    field.setAttribute("aria-describedby", [error.id, hint?.id].filter(Boolean).join(" "));
  }
  return h(
    "div",
    { class: "input", data: block.optional ? { optional: "true" } : {} },
    h("p", { class: "label" }, label, block.optional && h("small", {}, " (optional)")),
    node,
    hint,
    error,
  );
}

function table(block) {
  const [head, ...rows] = block.rows ?? [];
  const cell = (tag) => (one, index) => {
    const made = h(tag, tag === "th" ? { scope: "col" } : {}, one.type === "rich_text" ? richTextInline(one.elements) : String(one.text ?? ""));
    const { align } = block.column_settings?.[index] ?? {};
    if (align) made.classList.add(align);
    return made;
  };
  return h("div", { class: "table" }, h("table", {}, h("thead", {}, h("tr", {}, (head ?? []).map(cell("th")))), h("tbody", {}, rows.map((row) => h("tr", {}, row.map(cell("td")))))));
}

const unknown = (block) => h("p", { class: "unknown" }, `Not shown here: ${block.type}`);
