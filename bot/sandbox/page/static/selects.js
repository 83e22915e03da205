// Menus to choose one or several of: options, people, channels.

import { h } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { isPerson, store } from "./store.js";

const SEARCHED = 8; // with more choices than these there is a field to search among them

export const peopleOf = () => [...store.users.values()].filter((user) => isPerson(user)).map((user) => [user.id, user.real_name]);

const rooms = () => [...store.channels.values()].filter((channel) => !channel.is_im);
const shown = (channel) => [channel.id, `${channel.is_private ? "🔒 " : "#"}${channel.name}`];

export const roomsOf = () => rooms().filter((channel) => !channel.is_private && !channel.is_archived).map(shown);

/** Conversations, within the element's filter. */
export function placesOf(element) {
  const include = element.filter?.include ?? ["public", "private", "im", "mpim"];
  const kind = (channel) => (channel.is_private ? "private" : "public");
  return rooms().filter((channel) => !channel.is_archived && include.includes(kind(channel))).map(shown);
}

/** One of `list(element)`, a list of [value, text]. */
export function select(list, initialName) {
  return (element, use, label) => {
    const initial = element[initialName] ?? (element.default_to_current_conversation ? store.current : undefined);
    return one(element, use, label, list(element).map(choice(initial)), initial);
  };
}

export function staticSelect(element, use, label) {
  const initial = element.initial_option?.value;
  const flat = (options) => options.map((option) => choice(initial)([option.value, plain(option.text)]));
  const groups = (element.option_groups ?? []).map((group) => h("optgroup", { label: plain(group.label) }, flat(group.options)));
  return one(element, use, label, [flat(element.options ?? []), groups], initial);
}

const choice = (initial) => ([value, text]) => h("option", { value, selected: value === initial }, text);

function one(element, use, label, choices, initial) {
  const empty = h("option", { value: "" }, plain(element.placeholder) || "Choose…");
  const node = h("select", { "aria-label": label ?? plain(element.placeholder), data: { focus: element.action_id, action: element.action_id } }, empty, choices);
  if (initial === undefined) empty.selected = true;
  node.addEventListener("change", () => node.value && use(node, node.value));
  node.read = () => node.value || null;
  return node;
}

/** Several of `list(element)`, as a list to tick in. */
export function multiSelect(list, initialOf) {
  return (element, use, label) => {
    const initial = new Set(initialOf(element));
    const rows = list(element).map(([value, ...words]) => {
      const input = h("input", { type: "checkbox", value, checked: initial.has(value), data: { focus: `${element.action_id} ${value}` } });
      return { input, row: h("label", { class: "choice" }, input, h("span", {}, words)) };
    });
    const most = element.max_selected_items ?? Infinity;
    const search = h("input", { type: "search", placeholder: plain(element.placeholder) || "Search", "aria-label": `Search: ${label ?? plain(element.placeholder)}` });
    search.addEventListener("input", () => {
      for (const { row } of rows) row.hidden = !row.textContent.toLowerCase().includes(search.value.trim().toLowerCase());
    });
    const node = h("fieldset", { class: "choices several", "aria-label": label ?? plain(element.placeholder), data: { action: element.action_id } }, rows.length > SEARCHED && search, h("div", {}, rows.map(({ row }) => row)));
    node.read = () => rows.map(({ input }) => input).filter((input) => input.checked).map((input) => input.value);
    const limit = () => {
      const full = node.read().length >= most;
      for (const { input } of rows) input.disabled = full && !input.checked;
    };
    node.addEventListener("change", (event) => {
      if (event.target === search) return;
      limit();
      use(node, node.read());
    });
    limit();
    return node;
  };
}

/** The app's suggestions are not asked for: the value itself is entered. */
export function externalSelect(element, use, label) {
  const several = element.type.startsWith("multi_");
  const initial = several ? (element.initial_options ?? []).map((option) => option.value).join(", ") : (element.initial_option?.value ?? "");
  const node = h("input", {
    type: "text", "aria-label": label ?? plain(element.placeholder), placeholder: plain(element.placeholder) || (several ? "Values, with commas between" : "A value"),
    title: "The sandbox does not ask the app for suggestions: enter the value itself", data: { focus: element.action_id, action: element.action_id },
  });
  node.value = initial;
  node.read = () => (several ? node.value.split(",").map((part) => part.trim()).filter(Boolean) : node.value.trim() || null);
  node.addEventListener("change", () => use(node, node.read()));
  return node;
}
