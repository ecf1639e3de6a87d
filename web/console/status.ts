/** The status page: the health of the server alone, for screens that need no more. */

import { readSettings } from "../core/alert/settings";
import { h } from "../core/drawing/dom";
import { load } from "../core/storage/store";
import { direction } from "../languages/table";
import { words } from "./common/words";
import { HealthView } from "./health/health_view";

const settings = readSettings(load("settings"));
const t = words(settings.language ? [settings.language] : navigator.languages);
const health = new HealthView(t);

document.documentElement.lang = t.language;
document.documentElement.dir = direction(t.language);
document.title = `${t("title")} - forewave`;
document.getElementById("page")!.append(h("h1", {}, t("title")), health.element);
health.open();
