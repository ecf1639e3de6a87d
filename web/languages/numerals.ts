/** Numbers as readers of a language are used to see them. */

import { isLanguage, LANGUAGES } from "./table";

/** The digits that a language is read with, by their name in CLDR. */
const ZERO = { latn: 0x30, arab: 0x660, arabext: 0x6f0, deva: 0x966 } as const;

/** The digits 0 to 9 in a number or a time as those of the language. */
export function withDigits(value: string | number, code: string): string {
  const zero = ZERO[isLanguage(code) ? LANGUAGES[code].digits : "latn"];
  return `${value}`.replace(/[0-9]/g, (digit) => String.fromCharCode(zero + Number(digit)));
}

/** What somebody typed, with the digits of every language as 0 to 9. */
export function latinDigits(typed: string): string {
  return Object.values(ZERO).reduce((text, zero) => {
    const own = new RegExp(`[${String.fromCharCode(zero)}-${String.fromCharCode(zero + 9)}]`, "g");
    return text.replace(own, (digit) => `${digit.charCodeAt(0) - zero}`);
  }, typed);
}

/** 6.5, with the digits and the decimal sign of the language. */
export function decimal(value: number, places: number, code: string): string {
  const sign = isLanguage(code) ? LANGUAGES[code].decimal : ".";
  return withDigits(value.toFixed(places).replace(".", sign), code);
}

/** The tag for Intl, so that dates have the same digits as all else. */
export function localeOf(code: string): string {
  return isLanguage(code) ? `${code}-u-nu-${LANGUAGES[code].digits}` : code;
}

/** "10 s", "100 km" as the language writes them; in Latin letters where the browser cannot. */
export function measure(value: number, unit: keyof typeof SHORT, code: string): string {
  const style: object = { style: "unit", unit, unitDisplay: "short" }; // not in the types of 2017
  try {
    return new Intl.NumberFormat(localeOf(code), style).format(value);
  } catch {
    return `${withDigits(value, code)} ${SHORT[unit]}`; // before 2020
  }
}

const SHORT = { second: "s", minute: "min", kilometer: "km" } as const;
