/** What the phone page shows besides the alert and its home page: loaded once it is ready. */

export { HistoryPage } from "../core/pages/history/history_page";
export { QuakePanel } from "../core/pages/history/quake_panel";
export { SettingsPage } from "../core/pages/settings/settings_page";
export { afterPanels, homePanels } from "./more_panels";
