// Where the acting person writes: commands, mentions, messages.

import { post } from "./api.js";
import { busy, h, notice } from "./dom.js";
import { store } from "./store.js";

const EXAMPLES = ["/incident p0 checkout is down", "/incident list", "/incident help", "@opsbot ack"];
const form = document.getElementById("composer");
const entry = document.getElementById("composer-text");
const sent = [];
let looking = 0;

/** Send a text as the acting person: a slash command, a mention of the bot, or a message. */
export async function send(text, channel, thread_ts) {
  const from = { user: store.me, channel };
  const command = /^(\/[a-z][\w-]*)\s*([\s\S]*)$/.exec(text);
  const mention = /^@opsbot\b[:,]?\s*([\s\S]*)$/i.exec(text);
  if (command && thread_ts) throw new Error("Slash commands do not work in threads, as in Slack. Write @opsbot instead.");
  if (command) return post("/slack/command", { ...from, command: command[1], text: command[2] });
  if (mention) return told(await post("/slack/mention", { ...from, text: escaped(mention[1]), thread_ts }));
  return post("/slack/say", { ...from, text: escaped(text), thread_ts });
}

// Slack shows nothing where an app does not take a mention; here it is worth saying.
function told(reply) {
  if (!reply.ok) notice(`opsbot did not take the mention (${reply.error}). Slack tries again.`);
  return reply;
}

// As Slack's clients send text; a slash command's text goes as it is typed.
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

async function submit() {
  const text = entry.value.trim();
  if (!text) return;
  sent.push(text);
  looking = sent.length;
  entry.value = "";
  fit();
  await busy(form.querySelector("[type=submit]"), () => send(text, store.current));
}

function fit() {
  entry.rows = Math.min(6, entry.value.split("\n").length);
}

function recall(step) {
  looking = Math.max(0, Math.min(sent.length, looking + step));
  entry.value = sent[looking] ?? "";
  fit();
}

function keys(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit();
  else if (event.key === "ArrowUp" && (entry.value === "" || looking < sent.length)) recall(-1);
  else if (event.key === "ArrowDown" && looking < sent.length) recall(1);
  else return;
  event.preventDefault();
}

export function startComposer() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  entry.addEventListener("keydown", keys);
  entry.addEventListener("input", fit);
  document.getElementById("examples").append(
    ...EXAMPLES.map((text) =>
      h("button", { type: "button", onclick: () => Object.assign(entry, { value: text }).focus() }, text),
    ),
  );
}

export function renderComposer() {
  const channel = store.channels.get(store.current);
  entry.placeholder = channel ? `Message ${channel.name ? `#${channel.name}` : "opsbot"}` : "";
}
