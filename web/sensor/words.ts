/** The page's texts. English is the model for the others' keys. */

import type { Slots } from "../core/language";
import { pageLanguage, pageText } from "../core/page_words";

const en = {
  title: "Help to detect earthquakes",
  what:
    "While this phone lies still and is charging, this page reads its motion sensor. When it is shaken, it sends the time, " +
    "how strong the shaking was, and the square of about 5 km in which you are. Nothing else: no name, no number, no exact place.",
  begin: "Take part",
  stop: "Stop",
  off: "Not taking part",
  "no-sensor": "This phone gives the page no motion sensor.",
  "no-place": "Choose your place on the warning page first.",
  "no-charge": "Plug the phone in to start.",
  "no-server": "The server does not answer. Trying again.",
  hidden: "Works only while this page is in front.",
  settling: "Put the phone down. It starts after ten seconds without motion.",
  watching: "Measuring",
  shaking: "Shaken",
  sent: "Reports sent: {n}",
  cell: "Square {cell}",
  warning: "This page does not warn you. The warning page does.",
};

export type SensorKey = keyof typeof en;

const zhCN: Record<SensorKey, string> = {
  title: "帮助感知地震",
  what: "手机静置并充电时，本页面读取运动传感器。手机受到震动时，只发送时间、强度和您所在的约5公里方格。不发送姓名、号码或准确位置。",
  begin: "参与",
  stop: "停止",
  off: "未参与",
  "no-sensor": "此手机不向页面提供运动传感器。",
  "no-place": "请先在预警页面选择您的位置。",
  "no-charge": "请接上充电器，然后开始测量。",
  "no-server": "服务器没有应答，正在重试。",
  hidden: "仅当本页面在最前面时工作。",
  settling: "请放下手机。静止十秒后开始测量。",
  watching: "正在测量",
  shaking: "受到震动",
  sent: "已发送报告：{n}",
  cell: "方格 {cell}",
  warning: "本页面不发出预警。请使用预警页面。",
};

export const TEXTS: Readonly<Record<string, Record<SensorKey, string>>> = { en, "zh-CN": zhCN };

export function sensorLanguage(wanted: readonly string[]): string {
  return pageLanguage(TEXTS, wanted);
}

export function sensorText(language: string, key: SensorKey, slots: Slots = {}): string {
  return pageText(TEXTS, language, key, slots);
}
