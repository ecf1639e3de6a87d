/**
 * The second script of a page: all that no alert needs. It is loaded once the page is ready, and
 * asked for again until it is there.
 */

import { until } from "../stream/http";

declare const __LATER__: string;

/** What the script exports, as the build names it. */
declare global {
  interface Window {
    forewaveLater?: unknown;
  }
}

export async function secondScript<T>(): Promise<T> {
  return until(() => attempt<T>(__LATER__));
}

function attempt<T>(source: string): Promise<T | null> {
  return new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => resolve((window.forewaveLater as T | undefined) ?? null);
    script.onerror = () => {
      script.remove();
      resolve(null);
    };
    document.head.appendChild(script);
  });
}
