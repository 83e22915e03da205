// What completes the word that is being written: commands, people, channels, emoji. A combobox.

import { h } from "./dom.js";
import { EMOJI, emojiNamed } from "./emoji.js";
import { isPerson, store } from "./store.js";

const MOST = 8;
let count = 0;

// The word at the caret: its sign, and what stands there already.
const WORDS = [
  [/^(\/)([a-z0-9_-]*)$/i, commands],
  [/(?:^|[\s(])(@)([\w.-]*)$/, people],
  [/(?:^|[\s(])(#)([\w-]*)$/, channels],
  [/(?:^|[\s(])(:)([a-z0-9_+-]{2,})$/, emojis],
];

function commands(part, { thread }) {
  if (thread) return [];
  return byName(store.app.commands ?? [], (one) => one.command.slice(1), part)
    .map((one) => ({ text: one.command, shown: one.command, hint: one.usage_hint, about: one.description }));
}

function people(part) {
  const bot = store.users.get(store.bot_user);
  const found = [
    ...(bot ? [{ name: bot.name, about: "App" }] : []),
    ...[...store.users.values()].filter((user) => isPerson(user)).map((user) => ({ name: user.name, about: `${user.real_name} · ${user.profile?.title ?? ""}` })),
    ...[...store.groups.values()].map((group) => ({ name: group.handle, about: group.name })),
    { name: "here", about: "Everybody in the channel who is active" },
    { name: "channel", about: "Everybody in the channel" },
  ];
  return byName(found, (one) => `${one.name} ${one.about}`, part).map((one) => ({ text: `@${one.name}`, shown: `@${one.name}`, about: one.about }));
}

function channels(part) {
  const rooms = [...store.channels.values()].filter((channel) => !channel.is_im && !channel.is_archived);
  return byName(rooms, (one) => one.name, part).map((one) => ({ text: `#${one.name}`, shown: `${one.is_private ? "🔒 " : "#"}${one.name}`, about: one.topic?.value || one.purpose?.value }));
}

function emojis(part) {
  return emojiNamed(part.toLowerCase(), MOST).map((name) => ({ text: `:${name}:`, shown: `${EMOJI.get(name)} :${name}:` }));
}

/** Those of which any word begins with `part`; the earlier, the better. */
function byName(items, nameOf, part) {
  const wanted = part.toLowerCase();
  const rank = (item) => {
    const name = nameOf(item).toLowerCase();
    if (name.startsWith(wanted)) return 0;
    return name.split(/[\s.-]+/).some((word) => word.startsWith(wanted)) ? 1 : 2;
  };
  return items.map((item) => [rank(item), item]).filter(([value]) => value < 2).sort(([a], [b]) => a - b).slice(0, MOST).map(([, item]) => item);
}

/** Completes in `entry`; `list` is shown beside it. `where()` says {thread}. */
export function completes(entry, list, where) {
  const id = `completion-${(count += 1)}`;
  let options = [];
  let chosen = 0;
  let word = null;
  Object.assign(list, { id, role: "listbox", hidden: true });
  list.setAttribute("aria-label", "Suggestions");
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id })) entry.setAttribute(name, value);

  const close = () => show([]);

  function show(found) {
    options = found;
    chosen = 0;
    list.hidden = options.length === 0;
    entry.setAttribute("aria-expanded", String(options.length > 0));
    list.replaceChildren(...options.map(row));
    mark();
  }

  function row(option, index) {
    const node = h("li", { role: "option", id: `${id}-${index}` }, h("span", {}, h("strong", {}, option.shown), option.hint && h("code", {}, option.hint)), option.about && h("small", {}, option.about));
    node.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      take(option);
    });
    return node;
  }

  function mark() {
    [...list.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === chosen)));
    if (options.length > 0) {
      entry.setAttribute("aria-activedescendant", `${id}-${chosen}`);
      list.children[chosen].scrollIntoView({ block: "nearest" });
    } else entry.removeAttribute("aria-activedescendant");
  }

  function look() {
    const before = entry.value.slice(0, entry.selectionStart);
    for (const [pattern, find] of WORDS) {
      const found = pattern.exec(before);
      if (!found) continue;
      word = { start: before.length - found[1].length - found[2].length, text: found[1] + found[2] };
      return show(find(found[2], where()));
    }
    return close();
  }

  function take(option) {
    const { start, text } = word;
    entry.setRangeText(`${option.text} `, start, start + text.length, "end");
    close();
    entry.dispatchEvent(new Event("input"));
    entry.focus();
  }

  entry.addEventListener("input", look);
  entry.addEventListener("blur", close);
  entry.addEventListener("keydown", (event) => {
    if (options.length === 0 || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    // A name that is written out is sent by Enter; completing it would change nothing.
    const whole = event.key === "Enter" && (options[chosen].text === word.text || event.shiftKey);
    if (step) {
      chosen = (chosen + step + options.length) % options.length;
      mark();
    } else if ((event.key === "Enter" && !whole) || (event.key === "Tab" && !event.shiftKey)) take(options[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
}
