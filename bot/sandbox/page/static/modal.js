// The acting person's modal: the view on top of the stack.

import { post } from "./api.js";
import { blocks } from "./blocks.js";
import { busy, h, notice } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { store } from "./store.js";

let dialog = null;
let shown = "";

export function renderModal() {
  const open = store.views.at(-1);
  const sign = open ? JSON.stringify([open, store.me]) : "";
  if (sign === shown) return;
  shown = sign;
  const written = dialog && open && dialog.dataset.view === open.view.id ? readable(dialog) : new Map();
  dialog?.remove();
  dialog = null;
  if (!open) return;
  dialog = build(open);
  restore(dialog, written);
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("[autofocus], .input input, .input textarea, .input select")?.focus();
}

function build({ view, errors }) {
  const act = (element, value) => tell("/slack/act", { view_id: view.id, action_id: element.action_id, value });
  const submit = view.submit && h("button", { type: "submit", class: "primary" }, plain(view.submit));
  const form = h(
    "form",
    {},
    h("header", {}, h("h2", {}, plain(view.title)), h("button", { type: "button", "aria-label": "Close", onclick: () => close(view) }, "×")),
    h("p", { class: "error", role: "alert", hidden: !errors[""] }, errors[""] ?? ""),
    h("div", { class: "blocks" }, blocks(view.blocks, act)),
    h("footer", {}, h("button", { type: "button", onclick: () => close(view) }, plain(view.close) || "Cancel"), submit),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (complete(form, view)) busy(submit, () => tell("/slack/submit", { view_id: view.id, values: values(form) }));
  });
  const made = h("dialog", { class: "modal", data: { view: view.id } }, form);
  made.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(view);
  });
  for (const [block_id, text] of Object.entries(errors)) if (block_id) complain(form, block_id, text);
  return made;
}

const tell = async (path, body) => {
  const reply = await post(path, { user: store.me, ...body });
  if (!reply.ok && path !== "/slack/submit") notice(`opsbot did not respond (${reply.error}).`);
};

const close = (view) => post("/slack/close", { user: store.me, view_id: view.id }).catch((error) => notice(error.message));

const inputs = (form) => [...form.querySelectorAll(".input")];

const values = (form) =>
  Object.fromEntries(inputs(form).map((wrapper) => [wrapper.dataset.block, wrapper.field.read()]).filter(([, value]) => value !== undefined));

const isEmpty = (value) => value === null || value === "" || (Array.isArray(value) && value.length === 0);

function complete(form, view) {
  const given = values(form);
  const missing = view.blocks.filter((block) => block.type === "input" && !block.optional && isEmpty(given[block.block_id] ?? null));
  for (const wrapper of inputs(form)) complain(form, wrapper.dataset.block, "");
  for (const block of missing) complain(form, block.block_id, "Please complete this required field.");
  if (missing.length > 0) find(form, missing[0].block_id)?.field.focus();
  return missing.length === 0;
}

const find = (form, block_id) => inputs(form).find((wrapper) => wrapper.dataset.block === block_id);

function complain(form, block_id, text) {
  const line = find(form, block_id)?.querySelector(".error");
  if (!line) return;
  line.textContent = text;
  line.hidden = !text;
}

// An update of the view keeps what was written into the inputs that are still there.

function readable(root) {
  return new Map(inputs(root).map((wrapper) => [`${wrapper.dataset.block} ${wrapper.field.dataset.action}`, wrapper]));
}

function restore(root, written) {
  for (const [key, wrapper] of readable(root)) {
    const old = written.get(key)?.field;
    if (!old) continue;
    if ("value" in old && old.tagName !== "FIELDSET") wrapper.field.value = old.value;
    const boxes = wrapper.field.querySelectorAll("input");
    old.querySelectorAll("input").forEach((box, index) => boxes[index] && (boxes[index].checked = box.checked));
  }
}
