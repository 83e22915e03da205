// What the browser's tab says, and whether the page still hears of what happens.

import { pagesRinging } from "./paging.js";
import { store } from "./store.js";
import { unreadIn } from "./unread.js";

const NAME = document.title;
const SHOWN = 4000;
const connection = document.getElementById("connection");
const favicon = document.getElementById("favicon");
let was = null; // connected, as last shown; null before the first time
let hiding = 0;

export function renderConnection() {
  const { connected } = store;
  document.body.dataset.ready = String(connected);
  if (connected === was) return;
  clearTimeout(hiding);
  if (connected) say(was === false && everConnected ? "Connected again" : "", "well");
  else say(everConnected ? "Connection lost. Was the sandbox ended? Trying again…" : "Connecting…", everConnected ? "bad" : "");
  if (connected) hiding = setTimeout(() => say("", ""), SHOWN);
  everConnected ||= connected;
  was = connected;
}

let everConnected = false;

function say(text, tone) {
  connection.textContent = text;
  connection.className = text ? tone : "";
}

export function renderTitle() {
  const rings = pagesRinging();
  const unread = [...store.channels.values()].reduce((sum, channel) => sum + unreadIn(store, channel).count, 0);
  const marks = [rings && `🔔${rings}`, unread && `(${unread})`].filter(Boolean).join(" ");
  document.title = marks ? `${marks} ${NAME}` : NAME;
  const icon = rings ? "/static/icon-ringing.svg" : "/static/icon.svg";
  if (favicon.getAttribute("href") !== icon) favicon.setAttribute("href", icon);
}
