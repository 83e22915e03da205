// The page: its parts, each drawn again when something has changed.

import { renderActing, startActing } from "./acting.js";
import { renderAges } from "./ages.js";
import { renderAlerts, startAlerts } from "./alerts.js";
import { renderDeployer, startDeployer } from "./deployer.js";
import { renderChannels, startChannels } from "./channels.js";
import { renderClock, startClock } from "./clock.js";
import { renderComposer, startComposer } from "./composer.js";
import { renderBanner, renderBot, renderFaults } from "./faults.js";
import { renderGuide, startGuide } from "./guide.js";
import { renderHome } from "./home.js";
import { startKeys } from "./keys.js";
import { renderMessages, startMessages } from "./messages.js";
import { renderModal } from "./modal.js";
import { renderPaging, startPaging } from "./paging.js";
import { startPanels } from "./panels.js";
import { startPlaces } from "./places.js";
import { renderServices, startServices } from "./services.js";
import { startSide } from "./side.js";
import { follow, watch } from "./store.js";
import { startTheme } from "./theme.js";
import { renderThread, startThread } from "./thread.js";
import { renderConnection, renderTitle } from "./title.js";

for (const start of [startTheme, startPanels, startSide, startKeys, startActing, startChannels, startMessages, startComposer, startThread, startPlaces, startPaging, startAlerts, startServices, startDeployer, startClock, startGuide]) {
  start();
}
for (const render of [
  renderActing, renderChannels, renderMessages, renderHome, renderComposer, renderThread, renderModal, renderPaging, renderAlerts, renderServices, renderDeployer,
  renderClock, renderBot, renderFaults, renderBanner, renderAges, renderGuide, renderTitle, renderConnection,
]) {
  watch(render);
}
follow();
