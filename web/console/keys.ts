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

interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** The command of a key press; null: none, or somebody is typing. */
export function commandOf(press: Press, typing: boolean): Command | null {
  if (typing || press.ctrlKey || press.metaKey || press.altKey) return null;
  return COMMANDS[press.key.toLowerCase()] ?? null;
}

/** Whether keys go into what has the focus. */
export function isTyping(element: Element | null): boolean {
  return element !== null && /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);
}
