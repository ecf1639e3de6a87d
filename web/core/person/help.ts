/**
 * What helps after an earthquake: emergency card, contacts, meeting point, shelters. The person
 * writes it; it stays on this device, and works without a network.
 */

import { latinDigits } from "../../languages/numerals";
import { distanceKm, type Point } from "../forecast/distance";

export interface Contact {
  name: string;
  phone: string;
}

export interface Shelter {
  name: string;
  /** null: the person gave no coordinates. */
  point: Point | null;
}

export interface Help {
  name: string;
  blood: string;
  medicines: string;
  needs: string;
  meeting: string;
  contacts: readonly Contact[];
  shelters: readonly Shelter[];
}

export const TEXTS_OF_CARD = ["name", "blood", "medicines", "needs"] as const;
const LONGEST = 300;
const MOST = 50;

export function readHelp(stored: unknown): Help {
  const given = (typeof stored === "object" && stored !== null ? stored : {}) as Partial<Help>;
  const text = (value: unknown) => (typeof value === "string" ? value.slice(0, LONGEST) : "");
  const list = <T>(value: unknown) => (Array.isArray(value) ? value.slice(0, MOST) : []) as T[];
  return {
    ...{ name: text(given.name), blood: text(given.blood), medicines: text(given.medicines) },
    ...{ needs: text(given.needs), meeting: text(given.meeting) },
    contacts: list<Partial<Contact>>(given.contacts)
      .map((one) => ({ name: text(one?.name), phone: text(one?.phone) }))
      .filter(({ name, phone }) => name !== "" || phone !== ""),
    shelters: list<Partial<Shelter>>(given.shelters)
      .map((one) => ({ name: text(one?.name), point: readPoint(one?.point) }))
      .filter(({ name }) => name !== ""),
  };
}

/** One contact a line: "Li Na; +86 138 0000 0000". */
export function contactsOf(typed: string): Contact[] {
  return linesOf(typed).map((line) => {
    const [name = "", phone = ""] = line.split(/[;；؛,，،\t]/).map((part) => part.trim());
    return phone === "" && /^[+\d][\d\s()-]+$/.test(latinDigits(name))
      ? { name: "", phone: name }
      : { name, phone };
  });
}

/** One shelter a line: "Middle School; 30.66; 104.06", with or without coordinates. */
export function sheltersOf(typed: string): Shelter[] {
  return linesOf(typed).map((line) => {
    const [name = "", lat, lon] = line.split(/[;；؛\t]/).map((part) => part.trim());
    const point = lat && lon ? readPoint({ lat: degrees(lat), lon: degrees(lon) }) : null;
    return { name, point };
  });
}

export function contactsText(contacts: readonly Contact[]): string {
  return contacts.map(({ name, phone }) => (phone ? `${name}; ${phone}` : name)).join("\n");
}

export function sheltersText(shelters: readonly Shelter[]): string {
  return shelters
    .map(({ name, point }) => (point ? `${name}; ${point.lat}; ${point.lon}` : name))
    .join("\n");
}

/** The nearest first; those without coordinates last, as they were written. */
export function nearest(shelters: readonly Shelter[], place: Point | null): Shelter[] {
  const away = ({ point }: Shelter) => (point && place ? distanceKm(place, point) : Infinity);
  return shelters.slice().sort((a, b) => {
    const [x, y] = [away(a), away(b)];
    return x === y ? 0 : x - y;
  });
}

/** As an address of the phone's own messages; to nobody where no number is known. */
export function smsAddress(contacts: readonly Contact[], text: string): string {
  const numbers = contacts
    .map(({ phone }) => latinDigits(phone).replace(/[^+\d]/g, ""))
    .filter((n) => n !== "");
  return `sms:${numbers.join(",")}?&body=${encodeURIComponent(text)}`;
}

/** As people write it: in any digits, with a point, a comma or an Arabic decimal sign. */
function degrees(typed: string): number {
  return Number(latinDigits(typed).replace(/[,٫]/, "."));
}

function linesOf(typed: string): string[] {
  return typed
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(0, MOST);
}

function readPoint(value: unknown): Point | null {
  const { lat, lon } = (value ?? {}) as Partial<Point>;
  const within = (x: unknown, most: number) => typeof x === "number" && Math.abs(x) <= most;
  return within(lat, 90) && within(lon, 180) ? { lat: lat as number, lon: lon as number } : null;
}
