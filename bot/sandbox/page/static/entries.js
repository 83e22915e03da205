// Elements that one writes or ticks into: texts, dates and times, checkboxes, radio buttons.

import { h } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";

const PAUSE = 400;

const optionsOf = (element) => [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];

/** Options as [value, what is shown of it …]. */
export const described = (element) =>
  optionsOf(element).map((option) => [option.value, ...textObject(option.text), option.description && h("small", {}, textObject(option.description))].filter(Boolean));

export const initialOptions = (element) => (element.initial_options ?? []).map((option) => option.value);

export function boxes(type, initialOf) {
  return (element, use, label) => {
    const group = crypto.randomUUID();
    const initial = new Set(initialOf(element));
    const inputs = described(element).map(([value, ...shown]) => {
      const input = h("input", { type, name: group, value, checked: initial.has(value), data: { focus: `${element.action_id} ${value}` } });
      return [input, h("label", { class: "choice" }, input, h("span", {}, shown))];
    });
    const node = h("fieldset", { class: "choices", "aria-label": label, data: { action: element.action_id } }, inputs.map(([, row]) => row));
    const chosen = () => inputs.map(([input]) => input).filter((input) => input.checked).map((input) => input.value);
    node.read = () => (type === "radio" ? (chosen()[0] ?? null) : chosen());
    node.addEventListener("change", () => use(node, node.read()));
    return node;
  };
}

const attributesOf = (element, label) => ({
  "aria-label": label ?? plain(element.placeholder),
  placeholder: plain(element.placeholder) || undefined,
  data: { focus: element.action_id, action: element.action_id },
});

/** Texts of every kind; `dispatch_action_config` says when the app is told (`tell`) of them. */
export function words(type) {
  return (element, tell, label) => {
    const attributes = { ...attributesOf(element, label), minlength: element.min_length?.toString(), maxlength: element.max_length?.toString() };
    const node = element.multiline ? h("textarea", { ...attributes, rows: "4" }) : h("input", { ...attributes, type });
    if (type === "number") Object.assign(node, { step: element.is_decimal_allowed ? "any" : "1", min: element.min_value ?? "", max: element.max_value ?? "" });
    node.value = element.initial_value ?? "";
    node.autofocus = Boolean(element.focus_on_load);
    node.read = () => node.value || null;
    node.problem = () => problemOf(node, element, type);
    if (tell) dispatch(node, element, tell);
    return node;
  };
}

function dispatch(node, element, tell) {
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let timer = 0;
  if (when.includes("on_character_entered")) {
    node.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => tell(node, node.value), PAUSE);
    });
  }
  if (!when.includes("on_enter_pressed")) return;
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    tell(node, node.value);
  });
}

function problemOf(node, element, type) {
  const length = node.value.length;
  if (length === 0) return "";
  if (length < (element.min_length ?? 0)) return `Please enter at least ${element.min_length} characters.`;
  if (length > (element.max_length ?? Infinity)) return `Please enter at most ${element.max_length} characters.`;
  if (type === "number" && node.validity.badInput) return "Please enter a number.";
  if (type === "number" && Number(node.value) < Number(element.min_value ?? -Infinity)) return `Please enter a number of at least ${element.min_value}.`;
  if (type === "number" && Number(node.value) > Number(element.max_value ?? Infinity)) return `Please enter a number of at most ${element.max_value}.`;
  if (type === "number" && node.validity.stepMismatch) return "Please enter a whole number.";
  if (type === "email" && node.validity.typeMismatch) return "Please enter an email address.";
  if (type === "url" && node.validity.typeMismatch) return "Please enter a URL that begins with https:// or http://.";
  return "";
}

export function moment(type, initialName, toValue = (text) => text, fromValue = (value) => value) {
  return (element, use, label) => {
    const node = h("input", { type, ...attributesOf(element, label) });
    if (element[initialName] !== undefined) node.value = fromValue(element[initialName]);
    node.read = () => (node.value ? toValue(node.value) : null);
    node.addEventListener("change", () => node.value && use(node, node.read()));
    return node;
  };
}
