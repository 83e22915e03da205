// Block Kit's blocks as elements.

import { control } from "./elements.js";
import { h } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";

/** The elements for blocks. `act(element, value)` tells the app of what is used in them. */
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
      { class: "section" },
      h(
        "div",
        {},
        block.text && h("p", {}, textObject(block.text)),
        block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("p", {}, textObject(field)))),
      ),
      block.accessory && h("div", { class: "accessory" }, part(block.accessory, act)),
    );
  },
  context: (block, act) => h("div", { class: "context" }, block.elements.map((element) => part(element, act))),
  actions: (block, act) => h("div", { class: "actions" }, block.elements.map((element) => part(element, act))),
  image: (block) => h("figure", {}, block.title && h("figcaption", {}, plain(block.title)), image(block)),
  input: (block, act) => input(block, act),
};

function part(element, act) {
  if (element.type === "image") return image(element);
  if (element.type === "mrkdwn" || element.type === "plain_text") return h("span", {}, textObject(element));
  return control(element, act) ?? unknown(element);
}

const image = (element) => h("img", { src: element.image_url, alt: element.alt_text ?? "" });

/** A modal's input; the block's element has the control as `field`. */
function input(block, act) {
  const node = control(block.element, block.dispatch_action ? act : undefined, plain(block.label)) ?? unknown(block.element);
  const wrapper = h(
    "div",
    { class: "input" },
    h("p", { class: "label" }, plain(block.label), block.optional && h("small", {}, " (optional)")),
    node,
    block.hint && h("small", {}, plain(block.hint)),
    h("p", { class: "error", role: "alert", hidden: true }),
  );
  wrapper.field = node;
  return wrapper;
}

const unknown = (block) => h("p", { class: "unknown" }, `Not shown here: ${block.type}`);
