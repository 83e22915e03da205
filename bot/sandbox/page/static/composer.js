// Where the acting person writes: in a channel, or in a thread.

import { post } from "./api.js";
import { completes } from "./completion.js";
import { fill, h, notice } from "./dom.js";
import { toEnd } from "./messages.js";
import { menu } from "./popup.js";
import { pickEmoji } from "./reactions.js";
import { send } from "./sending.js";
import { store } from "./store.js";
import { mayWrite, titleOf } from "./who.js";

const EXAMPLES = ["/incident p0 checkout is down", "/slo payment", "/checklist", "/change", "/incident help", "@opsbot ack"];
const narrow = matchMedia("(max-width: 760px)");
const sent = []; // what was sent from here, in every composer

/**
 * Make a form one to write in. `place()` says {channel, thread_ts}; drafts are kept for each place and person.
 * `sending()` is called when something is on its way. Returns {render, focus, write}.
 */
export function composer(form, { place, label, id, sending }) {
  const entry = h("textarea", { id, rows: "1", "aria-label": label, enterkeyhint: "send", data: { focus: "reply" } });
  const list = h("ul", { class: "completion" });
  const problem = h("p", { class: "error", role: "alert", hidden: true });
  const hint = h("p", { class: "hint" });
  const submit = h("button", { type: "submit", class: "primary" }, id ? "Send" : "Reply");
  const plus = h("button", { type: "button", class: "tool", "aria-label": "Shortcuts and commands", title: "Shortcuts and commands", "aria-haspopup": "menu" }, "+");
  const smile = h("button", { type: "button", class: "tool", "aria-label": "Emoji", title: "Emoji" }, "☺");
  const broadcast = h("input", { type: "checkbox" });
  const also = h("label", { class: "choice also", hidden: Boolean(id) }, broadcast, h("span", {}));
  fill(form, problem, list, h("div", { class: "entry" }, plus, entry, smile, submit), also, hint);
  let looking = sent.length;
  let shown = null;

  const key = () => `draft/${store.me}/${place().channel}${place().thread_ts ? `/${place().thread_ts}` : ""}`;
  completes(entry, list, () => ({ thread: Boolean(place().thread_ts) }));

  function changedText() {
    entry.rows = Math.min(8, entry.value.split("\n").length);
    if (entry.value) localStorage.setItem(key(), entry.value);
    else localStorage.removeItem(key());
    say("");
    fill(hint, hintFor(entry.value, place()));
    hint.title = hint.textContent; // one line of it is seen
  }

  function write(text) {
    entry.value = text;
    changedText();
  }

  function say(text) {
    problem.textContent = text;
    problem.hidden = !text;
  }

  async function go() {
    const text = entry.value.trimEnd();
    if (!text.trim()) return;
    const { channel, thread_ts } = place();
    const from = key();
    if (sent.at(-1) !== text) sent.push(text);
    looking = sent.length;
    write("");
    submit.setAttribute("aria-busy", "true");
    sending();
    try {
      await send(text, channel, thread_ts, broadcast.checked);
      broadcast.checked = false;
    } catch (error) {
      // Given back, unless the person writes something else by now.
      if (key() === from && !entry.value) write(text);
      say(error.message);
    }
    submit.removeAttribute("aria-busy");
  }

  function recall(step) {
    looking = Math.max(0, Math.min(sent.length, looking + step));
    write(sent[looking] ?? "");
  }

  function keys(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) go();
    else if (event.key === "ArrowUp" && (entry.value === "" || (looking < sent.length && entry.value === sent[looking]))) recall(-1);
    else if (event.key === "ArrowDown" && looking < sent.length && entry.value === sent[looking]) recall(1);
    else return;
    event.preventDefault();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  entry.addEventListener("keydown", keys);
  entry.addEventListener("input", changedText);
  smile.addEventListener("click", () => pickEmoji(smile, (name) => {
    entry.setRangeText(`:${name}: `, entry.selectionStart, entry.selectionEnd, "end");
    changedText();
    entry.focus();
  }));
  plus.addEventListener("click", () => menu(plus, offers(place(), (text) => {
    write(text);
    entry.focus();
  }), "Shortcuts and commands"));

  return {
    focus: () => entry.focus(),
    write,
    render() {
      const channel = store.channels.get(place().channel);
      if (!channel) return;
      entry.placeholder = placeholder(channel, place());
      also.querySelector("span").textContent = channel.is_im ? "Also send as a direct message" : `Also send to #${channel.name}`;
      plus.hidden = offers(place(), () => {}).length === 0;
      if (shown === key()) return;
      shown = key();
      write(localStorage.getItem(shown) ?? "");
    },
  };
}

/** On a phone there is no room for a name, which stands at the top anyway. */
function placeholder(channel, { thread_ts }) {
  if (thread_ts) return "Reply, or @opsbot ack";
  return narrow.matches ? "Message" : `Message ${channel.is_im ? titleOf(store, channel) : `#${channel.name}`}`;
}

/** The app's global shortcuts, and its commands where they work. */
function offers({ thread_ts }, write) {
  const shortcuts = (store.app.shortcuts ?? []).filter((one) => one.type === "global").map((one) => ({ label: one.name, hint: store.app.name, run: () => shortcut(one) }));
  const commands = thread_ts ? [] : (store.app.commands ?? []).map((one) => ({ label: one.command, hint: one.description, run: () => write(`${one.command} `) }));
  return [...shortcuts, shortcuts.length > 0 && commands.length > 0 && null, ...commands].filter((item) => item !== false);
}

async function shortcut(one) {
  try {
    const reply = await post("/slack/shortcut", { user: store.me, callback_id: one.callback_id });
    if (!reply.ok) notice(`opsbot did not take “${one.name}” (${reply.error}).`);
  } catch (error) {
    notice(error.message);
  }
}

/** What helps with what is being written: a command's usage, or what may be written at all. */
function hintFor(text, { thread_ts }) {
  const command = (store.app.commands ?? []).find((one) => text === one.command || text.startsWith(`${one.command} `));
  if (text.startsWith("/") && thread_ts) return ["Slash commands do not work in threads. Write ", h("kbd", {}, "@opsbot"), " instead."];
  if (command) return [h("kbd", {}, command.command), " ", h("code", {}, command.usage_hint ?? ""), ` ${command.description ?? ""}`];
  if (thread_ts) return [h("kbd", {}, "@opsbot"), " speaks to the bot, the rest is a message."];
  return [h("kbd", {}, "/"), " for commands, ", h("kbd", {}, "@opsbot"), " speaks to the bot, ", h("kbd", {}, "Shift"), "+", h("kbd", {}, "Enter"), " for a new line."];
}

// The channel's own

const form = document.getElementById("composer");
let main = null;

export function startComposer() {
  main = composer(form, { place: () => ({ channel: store.current }), label: "Message", id: "composer-text", sending: toEnd });
  const example = (text) => h("button", { type: "button", onclick: () => begin(text) }, text);
  form.prepend(h("div", { id: "examples", role: "group", "aria-label": "Examples" }, EXAMPLES.map(example)));
}

/** Write a text into the channel's message box, for the person to go on with. */
export function begin(text) {
  main.write(text);
  main.focus();
}

export function renderComposer() {
  const channel = store.channels.get(store.current);
  form.hidden = !channel || !mayWrite(store, channel) || (channel.is_im && store.tab === "home");
  if (!form.hidden) main.render();
}
