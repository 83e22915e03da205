// The page: its parts, each drawn again when something has changed.

import { renderChannels, startChannels } from "./channels.js";
import { renderComposer, startComposer } from "./composer.js";
import { renderBot, renderClock, renderFaults, startClock } from "./controls.js";
import { renderMessages } from "./messages.js";
import { renderModal } from "./modal.js";
import { renderPaging } from "./paging.js";
import { startPanels } from "./panels.js";
import { follow, store, watch } from "./store.js";

function renderConnection() {
  document.getElementById("connection").textContent = store.connected ? "" : "Connecting…";
  document.body.dataset.ready = String(store.connected);
}

startPanels();
startChannels();
startComposer();
startClock();
for (const render of [renderConnection, renderChannels, renderMessages, renderComposer, renderPaging, renderClock, renderBot, renderFaults, renderModal]) {
  watch(render);
}
follow();
