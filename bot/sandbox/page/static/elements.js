// Block Kit's interactive elements. Each is an HTML element with `read()`: the value that stands in it.
//
// `act(element, value)` tells the app; it is left out where an element only waits for a form's submission.

import { confirmed } from "./confirm.js";
import { busy, h } from "./dom.js";
import { link, plain, textObject } from "./mrkdwn.js";
import { isPerson, store } from "./store.js";

/** The control for an element; null for a kind that is not known. */
export function control(element, act, label) {
  const make = kinds[element.type];
  if (!make) return null;
  const made = make(element, act, label);
  made.read ??= () => undefined;
  return made;
}

async function use(node, element, act, value, question = element.confirm) {
  if (!act || !(await confirmed(question))) return;
  await busy(node, () => act(element, value));
}

function button(element, act) {
  const style = { primary: "primary", danger: "danger" }[element.style] ?? "";
  const focus = { focus: `${element.action_id} ${element.value ?? ""}` };
  const label = element.accessibility_label;
  if (element.url) {
    const anchor = link(element.url, [plain(element.text)]);
    anchor.className = `button ${style}`;
    Object.assign(anchor.dataset, focus);
    anchor.addEventListener("click", () => act?.(element, element.value));
    return anchor;
  }
  const node = h("button", { type: "button", class: style, "aria-label": label, data: { ...focus, action: element.action_id } }, plain(element.text));
  node.addEventListener("click", () => use(node, element, act, element.value));
  return node;
}

function overflow(element, act) {
  const summary = h("summary", { "aria-label": "More actions", data: { focus: element.action_id, action: element.action_id } }, "⋯");
  const entries = element.options.map((option) => {
    const words = [plain(option.text), option.description && h("small", {}, plain(option.description))];
    const entry = option.url ? link(option.url, words) : h("button", { type: "button" }, words);
    entry.addEventListener("click", () => {
      menu.open = false;
      summary.focus();
      use(summary, element, act, option.value);
    });
    return entry;
  });
  const menu = h("details", { class: "overflow" }, summary, h("div", {}, entries));
  menu.addEventListener("keydown", (event) => moveInMenu(event, menu, summary, entries));
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  menu.addEventListener("toggle", () => menu.open && entries[0]?.focus());
  return menu;
}

function moveInMenu(event, menu, summary, entries) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    summary.focus();
  } else if (step && menu.open) {
    const at = entries.indexOf(document.activeElement);
    entries[(at + step + entries.length) % entries.length].focus();
  } else return;
  event.preventDefault();
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.overflow[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Selects

const optionsOf = (element) => [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];

function choice(text, value, initial) {
  return h("option", { value, selected: value === initial }, text);
}

function select(element, act, label, choices, initial) {
  const empty = h("option", { value: "" }, plain(element.placeholder) || "Choose…");
  const node = h("select", { "aria-label": label ?? plain(element.placeholder), data: { focus: element.action_id, action: element.action_id } }, empty, choices);
  if (initial === undefined) empty.selected = true;
  node.addEventListener("change", () => node.value && use(node, element, act, node.value));
  node.read = () => node.value || null;
  return node;
}

function staticSelect(element, act, label) {
  const initial = element.initial_option?.value;
  const flat = (options) => options.map((option) => choice(plain(option.text), option.value, initial));
  const groups = (element.option_groups ?? []).map((group) => h("optgroup", { label: plain(group.label) }, flat(group.options)));
  return select(element, act, label, [flat(element.options ?? []), groups], initial);
}

const people = () => [...store.users.values()].filter((user) => isPerson(user)).map((user) => [user.id, user.real_name]);
const channels = () => [...store.channels.values()].filter((channel) => channel.name).map((channel) => [channel.id, `#${channel.name}`]);

function pick(list, initialName) {
  return (element, act, label) => {
    const initial = element[initialName];
    return select(element, act, label, list().map(([id, text]) => choice(text, id, initial)), initial);
  };
}

// Several choices

function boxes(type, list, initialOf) {
  return (element, act, label) => {
    const group = crypto.randomUUID();
    const initial = new Set(initialOf(element));
    const inputs = list(element).map(([value, ...words]) => {
      const input = h("input", { type, name: group, value, checked: initial.has(value), data: { focus: `${element.action_id} ${value}` } });
      return [input, h("label", { class: "choice" }, input, h("span", {}, words))];
    });
    const node = h("fieldset", { class: "choices", "aria-label": label, data: { action: element.action_id } }, inputs.map(([, row]) => row));
    const chosen = () => inputs.map(([input]) => input).filter((input) => input.checked).map((input) => input.value);
    node.read = () => (type === "radio" ? (chosen()[0] ?? null) : chosen());
    node.addEventListener("change", () => use(node, element, act, node.read()));
    return node;
  };
}

const described = (element) =>
  optionsOf(element).map((option) => [option.value, ...textObject(option.text), option.description && h("small", {}, textObject(option.description))].filter(Boolean));
const initialOptions = (element) => (element.initial_options ?? []).map((option) => option.value);

// Texts and times

function words(type) {
  return (element, act, label) => {
    const attributes = {
      "aria-label": label, placeholder: plain(element.placeholder), minlength: element.min_length?.toString(),
      maxlength: element.max_length?.toString(), data: { focus: element.action_id, action: element.action_id },
    };
    const node = element.multiline ? h("textarea", { ...attributes, rows: "4" }) : h("input", { ...attributes, type });
    if (type === "number") Object.assign(node, { step: element.is_decimal_allowed ? "any" : "1", min: element.min_value ?? "", max: element.max_value ?? "" });
    node.value = element.initial_value ?? "";
    node.autofocus = Boolean(element.focus_on_load);
    node.addEventListener("change", () => use(node, element, act, node.value));
    node.read = () => node.value || null;
    return node;
  };
}

function moment(type, initialName, toValue = (text) => text, fromValue = (value) => value) {
  return (element, act, label) => {
    const node = h("input", { type, "aria-label": label ?? plain(element.placeholder), data: { focus: element.action_id, action: element.action_id } });
    if (element[initialName] !== undefined) node.value = fromValue(element[initialName]);
    node.read = () => (node.value ? toValue(node.value) : null);
    node.addEventListener("change", () => node.value && use(node, element, act, node.read()));
    return node;
  };
}

const localText = (seconds) => {
  const at = new Date(seconds * 1000);
  return new Date(at - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

const kinds = {
  button,
  overflow,
  static_select: staticSelect,
  external_select: words("text"),
  users_select: pick(people, "initial_user"),
  conversations_select: pick(channels, "initial_conversation"),
  channels_select: pick(channels, "initial_channel"),
  radio_buttons: boxes("radio", described, (element) => [element.initial_option?.value]),
  checkboxes: boxes("checkbox", described, initialOptions),
  multi_static_select: boxes("checkbox", described, initialOptions),
  multi_users_select: boxes("checkbox", people, (element) => element.initial_users ?? []),
  multi_conversations_select: boxes("checkbox", channels, (element) => element.initial_conversations ?? []),
  multi_channels_select: boxes("checkbox", channels, (element) => element.initial_channels ?? []),
  plain_text_input: words("text"),
  number_input: words("number"),
  email_text_input: words("email"),
  url_text_input: words("url"),
  datepicker: moment("date", "initial_date"),
  timepicker: moment("time", "initial_time"),
  datetimepicker: moment("datetime-local", "initial_date_time", (text) => Math.floor(new Date(text) / 1000), localText),
};
