// Block Kit's interactive elements. Each that holds a value is an HTML element with `data-field` (its
// action_id) and `read()`: the value that stands in it.
//
// `act(element, value, node)` tells the app; it is left out where an element only waits for a submission.

import { boxes, described, initialOptions, moment, words } from "./entries.js";
import { confirmed } from "./confirm.js";
import { busy, h, notice } from "./dom.js";
import { link, plain } from "./mrkdwn.js";
import { moveIn } from "./popup.js";
import { externalSelect, multiSelect, peopleOf, placesOf, roomsOf, select, staticSelect } from "./selects.js";

/** The control for an element; null for a kind that is not known. */
export function control(element, act, label) {
  const make = kinds[element.type];
  if (!make) return null;
  const use = async (node, value) => {
    if (act && (await confirmed(element.confirm))) await busy(node, () => act(element, value, node));
  };
  // What is being written is not disabled meanwhile: the person goes on.
  const mention = act && ((node, value) => Promise.resolve(act(element, value, node)).catch((error) => notice(error.message)));
  const made = make(element, TYPED.has(element.type) ? mention : use, label);
  if (made.read) made.dataset.field = element.action_id;
  return made;
}

const TYPED = new Set(["plain_text_input", "number_input", "email_text_input", "url_text_input"]);

const labelled = (element) => ({ focus: `${element.action_id} ${element.value ?? ""}`, action: element.action_id });

function button(element, use) {
  const style = { primary: "primary", danger: "danger" }[element.style] ?? "";
  if (element.url) {
    const anchor = link(element.url, [plain(element.text)]);
    anchor.className = `button ${style}`;
    Object.assign(anchor.dataset, labelled(element));
    anchor.addEventListener("click", () => use(anchor, element.value));
    return anchor;
  }
  const node = h("button", { type: "button", class: style, "aria-label": element.accessibility_label, data: labelled(element) }, plain(element.text));
  node.addEventListener("click", () => use(node, element.value));
  return node;
}

function workflowButton(element) {
  return h("button", { type: "button", disabled: true, title: "Workflows do not run in the sandbox" }, plain(element.text));
}

function overflow(element, use) {
  const summary = h("summary", { "aria-label": "More actions", data: labelled(element) }, "⋯");
  const entries = element.options.map((option) => {
    const text = [plain(option.text), option.description && h("small", {}, plain(option.description))];
    const entry = option.url ? link(option.url, text) : h("button", { type: "button" }, text);
    entry.addEventListener("click", () => {
      menu.open = false;
      summary.focus();
      use(summary, option.value);
    });
    return entry;
  });
  const box = h("div", {}, entries);
  const menu = h("details", { class: "overflow" }, summary, box);
  menu.addEventListener("keydown", (event) => {
    if (!menu.open) return;
    moveIn(entries, event);
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    menu.open = false;
    summary.focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  menu.addEventListener("toggle", () => {
    box.classList.remove("up");
    if (!menu.open) return;
    box.classList.toggle("up", box.getBoundingClientRect().bottom > (menu.closest("#messages, .list, dialog, #home")?.getBoundingClientRect().bottom ?? innerHeight));
    entries[0]?.focus({ preventScroll: true });
  });
  return menu;
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.overflow[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

const notHere = (what) => () => h("p", { class: "unknown" }, `${what} are not supported in the sandbox.`);

const localText = (seconds) => {
  const at = new Date(seconds * 1000);
  return new Date(at - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

const kinds = {
  button,
  workflow_button: workflowButton,
  overflow,
  static_select: staticSelect,
  external_select: externalSelect,
  users_select: select(peopleOf, "initial_user"),
  conversations_select: select(placesOf, "initial_conversation"),
  channels_select: select(roomsOf, "initial_channel"),
  multi_static_select: multiSelect(described, initialOptions),
  multi_external_select: externalSelect,
  multi_users_select: multiSelect(peopleOf, (element) => element.initial_users ?? []),
  multi_conversations_select: multiSelect(placesOf, (element) => element.initial_conversations ?? []),
  multi_channels_select: multiSelect(roomsOf, (element) => element.initial_channels ?? []),
  radio_buttons: boxes("radio", (element) => [element.initial_option?.value]),
  checkboxes: boxes("checkbox", initialOptions),
  plain_text_input: words("text"),
  number_input: words("number"),
  email_text_input: words("email"),
  url_text_input: words("url"),
  rich_text_input: notHere("Inputs of rich text"),
  file_input: notHere("Uploads in modals"),
  datepicker: moment("date", "initial_date"),
  timepicker: moment("time", "initial_time"),
  datetimepicker: moment("datetime-local", "initial_date_time", (text) => Math.floor(new Date(text) / 1000), localText),
};
