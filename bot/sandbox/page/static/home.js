// The app's Home tab, as it published it for the acting person.

import { post } from "./api.js";
import { blocks } from "./blocks.js";
import { fill, h, notice } from "./dom.js";
import { redraw, valuesIn } from "./fields.js";
import { toRoom } from "./head.js";
import { store } from "./store.js";

const home = document.getElementById("home");
let opened = ""; // who has it open, and how far the clock had been moved then: after that they look anew
let drawn = "";
let trouble = "";

export function renderHome() {
  const channel = store.channels.get(store.current);
  const seen = Boolean(channel?.is_im) && store.tab === "home";
  home.hidden = !seen;
  if (!seen) {
    opened = "";
    return;
  }
  if (opened !== looking() && store.connected) open();
  const view = store.homes.get(store.me);
  const sign = JSON.stringify([store.me, view, trouble, store.app.home_tab]);
  if (sign !== drawn) redraw(home, () => fill(home, trouble && h("p", { class: "failure", role: "alert" }, trouble), view ? shown(view) : nothing()));
  drawn = sign;
}

function looking() {
  return `${store.me} ${store.offset}`;
}

/** The app hears that the person opened it, and may publish. */
async function open() {
  opened = looking();
  trouble = "";
  if (!store.app.home_tab) return;
  try {
    const reply = await post("/slack/home", { user: store.me });
    if (reply.ok === false) trouble = `opsbot was told that you opened its Home tab, and did not take it (${reply.error}).`;
  } catch (error) {
    trouble = error.message;
  }
  renderHome();
}

function shown(view) {
  const act = async (element, value) => {
    const body = { user: store.me, view_id: view.id, action_id: element.action_id, value, values: valuesIn(home) };
    const reply = await post("/slack/act", body);
    if (!reply.ok) notice(`opsbot did not respond (${reply.error}).`);
  };
  return h("div", { class: "blocks" }, blocks(view.blocks ?? [], act));
}

function nothing() {
  const [title, ...more] = store.app.home_tab
    ? ["opsbot has not published a Home tab", h("p", {}, "It is told each time you open this tab.")]
    : ["opsbot has no Home tab yet", h("p", {}, "Write to it under Messages, as you would after ", h("code", {}, "/incident"), ": ", h("code", {}, "list"), ", say."), toRoom()];
  return h("div", { class: "empty" }, h("h3", {}, title), more.filter(Boolean));
}
