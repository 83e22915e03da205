// The acting person's modals: a stack, of which the one on top is seen. Those below keep what was entered.

import { post } from "./api.js";
import { blocks } from "./blocks.js";
import { confirmed } from "./confirm.js";
import { busy, fill, h, notice } from "./dom.js";
import { fieldsIn, redraw, valuesIn } from "./fields.js";
import { plain } from "./mrkdwn.js";
import { store } from "./store.js";

let asking = false; // whether the person is asked about discarding
const dialogs = new Map(); // view's id → {dialog, form, empty: what it held when it was drawn, sign, errors}

export function renderModal() {
  const open = new Set(store.views.map(({ view }) => view.id));
  for (const [id, { dialog }] of dialogs) {
    if (open.has(id)) continue;
    dialogs.delete(id);
    dialog.remove();
  }
  store.views.forEach((each, depth) => draw(each, depth));
  const top = dialogs.get(store.views.at(-1)?.view.id)?.dialog;
  for (const { dialog } of dialogs.values()) if (dialog !== top && dialog.open) dialog.close();
  if (!top || top.open) return;
  top.showModal();
  (top.querySelector("[autofocus]") ?? top.querySelector(".input :is(input, textarea, select)"))?.focus();
}

function draw({ view, errors }, depth) {
  const shown = dialogs.get(view.id) ?? added(view);
  const sign = JSON.stringify([view, depth]);
  shown.dialog.setAttribute("aria-label", plain(view.title)); // an update may bring another title
  if (shown.sign !== sign) redraw(shown.form, () => {
    fill(shown.form, content(shown.form, view, depth));
    shown.empty = held(shown.form);
  });
  if (shown.sign !== sign || shown.errors !== errors) say(shown.form, errors);
  Object.assign(shown, { sign, errors });
}

function added(view) {
  const form = h("form", { novalidate: true });
  const dialog = h("dialog", { class: "modal", "aria-label": plain(view.title), data: { view: view.id } }, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (complete(form)) busy(form.querySelector("[type=submit]"), () => tell("/slack/submit", view, { values: valuesIn(form) }));
  });
  const leaving = (event) => {
    event.preventDefault();
    leave(view);
  };
  // Escape by its key, too: a browser lets "cancel" be prevented only now and then.
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && !dialog.querySelector(":popover-open")) leaving(event);
  });
  dialog.addEventListener("cancel", leaving);
  dialogs.set(view.id, { dialog, form });
  document.body.append(dialog);
  return dialogs.get(view.id);
}

function content(form, view, depth) {
  const act = (element, value) => tell("/slack/act", view, { action_id: element.action_id, value, values: valuesIn(form) });
  const back = depth > 0;
  return [
    h(
      "header",
      {},
      back && h("button", { type: "button", class: "tool", "aria-label": "Back", onclick: () => leave(view) }, "‹"),
      h("img", { src: "/static/icon.svg", alt: "", width: 28, height: 28 }),
      h("h2", {}, plain(view.title)),
      h("button", { type: "button", class: "tool", "aria-label": "Close", onclick: () => leave(view) }, "×"),
    ),
    h("p", { class: "error whole", role: "alert", hidden: true }),
    h("div", { class: "blocks", tabindex: "-1" }, blocks(view.blocks, act)),
    h(
      "footer",
      {},
      h("button", { type: "button", onclick: () => close(view) }, plain(view.close) || (view.submit ? "Cancel" : "Close")),
      view.submit && h("button", { type: "submit", class: "primary" }, plain(view.submit)),
    ),
  ];
}

async function tell(path, view, body) {
  const reply = await post(path, { user: store.me, view_id: view.id, ...body });
  if (!reply.ok && path !== "/slack/submit") notice(`opsbot did not respond (${reply.error}).`);
}

const held = (form) => JSON.stringify(valuesIn(form));

const words = (text) => ({ type: "plain_text", text });
const QUESTION = {
  title: words("Discard what you entered?"),
  text: words("What you entered into this form is not sent, and would be lost."),
  confirm: words("Discard"),
  deny: words("Go on"),
  style: "danger",
};

/** Close it without a word only where nothing that was entered would be lost. */
async function leave(view) {
  if (asking) return;
  const { form, empty } = dialogs.get(view.id) ?? {};
  const lost = Boolean(form) && held(form) !== empty;
  asking = lost;
  const agreed = !lost || (await confirmed(QUESTION));
  asking = false;
  if (agreed) await close(view);
}

const close = (view) => post("/slack/close", { user: store.me, view_id: view.id }).catch((error) => notice(error.message));

// What is wrong with what was entered

function say(form, errors = {}) {
  const whole = form.querySelector(".error.whole");
  whole.textContent = errors[""] ?? "";
  whole.hidden = !errors[""];
  for (const block of form.querySelectorAll(".input")) complain(block, errors[block.dataset.block] ?? "");
  form.querySelector(".input.wrong :is(input, textarea, select)")?.focus();
}

function complain(block, text) {
  const line = block.querySelector(".error");
  line.textContent = text;
  line.hidden = !text;
  block.classList.toggle("wrong", Boolean(text));
  for (const field of block.querySelectorAll("input, textarea, select")) field.setAttribute("aria-invalid", String(Boolean(text)));
}

const isEmpty = (value) => value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** Whether everything that must be is filled in, and well; what is not is said at its field. */
function complete(form) {
  const errors = {};
  for (const [, field] of fieldsIn(form)) {
    const block = field.closest(".input");
    if (!block) continue;
    const missing = !block.dataset.optional && isEmpty(field.read()) && "Please complete this required field.";
    const problem = missing || field.problem?.();
    if (problem) errors[block.dataset.block] = problem;
  }
  say(form, errors);
  return Object.keys(errors).length === 0;
}
