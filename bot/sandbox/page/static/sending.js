// What is written, on its way: a slash command, a mention of the bot, or a message.

import { post } from "./api.js";
import { notice } from "./dom.js";
import { store } from "./store.js";

const IN_THREAD = "Slash commands do not work in threads, as in Slack. Write @opsbot instead.";

/** Send a text as the acting person; a reply with `broadcast` into the channel, too. Raises where it cannot be sent. */
export async function send(text, channel, thread_ts, broadcast) {
  const from = { user: store.me, channel };
  const command = /^(\/[a-z][\w-]*)\s*([\s\S]*)$/.exec(text);
  if (command && thread_ts) throw new Error(IN_THREAD);
  if (command) return runs(command[1], () => post("/slack/command", { ...from, command: command[1], text: command[2] }));
  const words = text.trim();
  const mention = new RegExp(`^@${botName()}\\b[:,]?\\s*([\\s\\S]*)$`, "i").exec(words);
  // The answer to a mention is waited for where the bot hears it; elsewhere it is a message like others.
  const where = store.channels.get(channel);
  if (mention && !where?.is_im && where?.is_member && !broadcast) return told(await post("/slack/mention", { ...from, text: encoded(mention[1]), thread_ts }));
  return post("/slack/say", { ...from, text: encoded(words), thread_ts, ...(broadcast && { broadcast }) });
}

const botName = () => store.users.get(store.bot_user)?.name ?? "opsbot";

function runs(command, run) {
  const { commands, any_command } = store.app;
  if (any_command || commands.some((one) => one.command === command)) return run();
  throw new Error(`${command} is not a valid command. To send a message that begins with “/”, put a space before it.`);
}

// Slack shows nothing where an app does not take a mention; here it is worth saying.
function told(reply) {
  if (!reply.ok) notice(`opsbot did not take the mention (${reply.error}). Slack tries again.`);
  return reply;
}

// As Slack's clients send text; a slash command's text goes as it is typed.
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Text with names of people, groups and channels as mentions; not within code. */
export const encoded = (text) =>
  escaped(text)
    .split(/(```[\s\S]*?```|`[^`\n]*`)/)
    .map((part, index) => (index % 2 ? part : part.replace(/(?<![\w@#])([@#])([a-z0-9][\w-]*)/gi, asMention)))
    .join("");

function asMention(whole, sign, word) {
  const wanted = word.toLowerCase();
  if (sign === "#") {
    const channel = [...store.channels.values()].find((one) => one.name === wanted && !one.is_im);
    return channel ? `<#${channel.id}>` : whole;
  }
  if (["here", "channel", "everyone"].includes(wanted)) return `<!${wanted}>`;
  const user = [...store.users.values()].find((one) => one.name === wanted);
  const group = [...store.groups.values()].find((one) => one.handle === wanted);
  if (user) return `<@${user.id}>`;
  return group ? `<!subteam^${group.id}>` : whole;
}
