/** What the phone page shows besides the alert and its home page: loaded once it is ready. */

export { HistoryPage } from "../core/pages/history_page";
export { afterPanels, homePanels } from "../core/pages/more";
export { QuakePanel } from "../core/pages/quake_panel";
export { SettingsPage } from "../core/pages/settings_page";
