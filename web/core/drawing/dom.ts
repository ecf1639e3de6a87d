/** Elements in a line of code, and changing them only where something has changed. */

type Attributes = { readonly [name: string]: string | number | boolean | null | EventHandler };
type EventHandler = (event: globalThis.Event) => void;
export type Child = Node | string | null;

/** h("button", { class: "stop", onclick: stop }, "Stop"). false and null attributes are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false)
      element.setAttribute(name, value === true ? "" : `${value}`);
  }
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element: Element, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Shown or not; what is not shown cannot be reached by any means. */
export function show(element: HTMLElement, visible: boolean): void {
  if (element.hidden === visible) element.hidden = !visible;
}

export function replace(element: Element, ...children: Child[]): void {
  element.textContent = "";
  for (const child of children) if (child !== null) element.append(child);
}
