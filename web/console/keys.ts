/** Single keys for what is done often. Off where the person has turned them off (WCAG 2.1.4). */

export type Command =
  | { readonly to: "live" | "send" | "health" | "audit" }
  | { readonly to: "cancel" | "map" | "peak" | "help" };

const COMMANDS: Readonly<Record<string, Command>> = {
  "1": { to: "live" },
  "2": { to: "send" },
  "3": { to: "health" },
  "4": { to: "audit" },
  c: { to: "cancel" },
  m: { to: "map" },
  p: { to: "peak" },
  "?": { to: "help" },
};

/** The same keys where the layout has other letters or digits on them. */
const PLACES: Readonly<Record<string, string>> = {
  ...{ Digit1: "1", Digit2: "2", Digit3: "3", Digit4: "4" },
  ...{ KeyC: "c", KeyM: "m", KeyP: "p" },
};
const LATIN = /^[a-z0-9?]$/i;

interface Press {
  readonly key: string;
  /** The place on the keyboard. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** The command of a key press; null: none, or somebody is typing. */
export function commandOf(press: Press, typing: boolean): Command | null {
  if (typing || press.ctrlKey || press.metaKey || press.altKey) return null;
  const key = LATIN.test(press.key) ? press.key.toLowerCase() : PLACES[press.code];
  return (press.key === "؟" ? COMMANDS["?"] : COMMANDS[key ?? ""]) ?? null;
}

/** Whether keys go into what has the focus. */
export function isTyping(element: Element | null): boolean {
  return element !== null && /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);
}
