// What a message says, in one line of plain words.

import { h } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";

const MOST = 140;

/** A card's title, or else a message's first line; cut between words, with an ellipsis, where there is more. */
export function headline(message, most = MOST) {
  const title = message.blocks?.find((block) => block.type === "header");
  if (title) return shortened(plain(title.text), most, false);
  const [first, ...more] = (message.text || message.files?.[0]?.title || "").trim().split("\n");
  return shortened(h("span", {}, mrkdwn(first)).textContent, most, more.length > 0);
}

function shortened(line, most, goesOn) {
  if (line.length <= most) return goesOn ? `${line} …` : line;
  return `${line.slice(0, most).replace(/\s+\S*$/, "")} …`;
}
