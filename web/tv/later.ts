/** What the TV page shows besides the alert and its home page: loaded once it is ready. */

export { QuakePanel } from "../core/pages/history/quake_panel";
export { SettingsPage } from "../core/pages/settings/settings_page";
