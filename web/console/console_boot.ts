/** Starts the console when its texts are here: in the person's language, or without an answer in English. */

import { readSettings } from "../core/alert/settings";
import { load } from "../core/storage/store";
import { languageReady } from "../core/storage/texts";
import { chooseLanguage } from "../languages/table";
import { TEXTS } from "./common/words";

const { language } = readSettings(load("settings"));
const wanted = chooseLanguage(language ? [language] : navigator.languages);
void languageReady(TEXTS, "status", wanted).then(() => import("./console"));
