import { describe, expect, it } from "vitest";
import {
  contactsOf,
  contactsText,
  nearest,
  readHelp,
  sheltersOf,
  sheltersText,
  smsAddress,
} from "../../core/person/help";

const EMPTY = readHelp(null);

describe("help after an earthquake", () => {
  it("is read back as it was written, and nothing else", () => {
    const contacts = contactsOf("Li Na; +86 138 0000 0000\n\n王伟；139 1111 2222\n119\nMother");
    expect(contacts).toEqual([
      { name: "Li Na", phone: "+86 138 0000 0000" },
      { name: "王伟", phone: "139 1111 2222" },
      { name: "", phone: "119" },
      { name: "Mother", phone: "" },
    ]);
    expect(contactsOf(contactsText(contacts).replace("; 119", "119"))).toEqual(contacts);
    const stored = { ...EMPTY, blood: "A+", contacts };
    expect(readHelp(JSON.parse(JSON.stringify(stored)))).toEqual(stored);
    expect(readHelp({ blood: 7, contacts: [null, {}], shelters: "x" })).toEqual(EMPTY);
  });

  it("takes the digits, separators and decimal signs of other languages", () => {
    expect(contactsOf("مریم؛ ۰۹۱۲ ۳۴۵\n۱۱۰")).toEqual([
      { name: "مریم", phone: "۰۹۱۲ ۳۴۵" },
      { name: "", phone: "۱۱۰" },
    ]);
    expect(smsAddress(contactsOf("राम; ९८४१"), "")).toBe("sms:9841?&body=");
    expect(sheltersOf("مدرسه؛ ۳۵٫۷؛ ۵۱٫۴\nΣχολείο; 37,98; 23,73").map((one) => one.point)).toEqual([
      { lat: 35.7, lon: 51.4 },
      { lat: 37.98, lon: 23.73 },
    ]);
  });

  it("has the nearest shelters first, those without coordinates last", () => {
    const typed = "Far; 31.5; 104\nNowhere\nNear; 30.67; 104.06\nWrong; 99; 0";
    const shelters = sheltersOf(typed);
    const place = { lat: 30.66, lon: 104.06 };
    expect(nearest(shelters, place).map(({ name }) => name)).toEqual([
      "Near",
      "Far",
      "Nowhere",
      "Wrong",
    ]);
    expect(nearest(shelters, null).map(({ name }) => name)[0]).toBe("Far");
    expect(sheltersOf(sheltersText(shelters))).toEqual(shelters);
  });

  it("opens the phone's own messages, to whom there is a number of", () => {
    const contacts = contactsOf("A; +1 (2) 3\nB\nC; 45");
    expect(smsAddress(contacts, "I am OK.")).toBe("sms:+123,45?&body=I%20am%20OK.");
    expect(smsAddress([], "x")).toBe("sms:?&body=x");
  });
});
