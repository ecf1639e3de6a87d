/** The browser's offer to install the page: it comes once, and is kept until the person wants it. */

export interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

let offered: InstallEvent | null = null;

export function watchOffer(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offered = event as InstallEvent;
  });
  addEventListener("appinstalled", () => {
    offered = null;
  });
}

/** null: the browser offers nothing, or it is installed. */
export function offer(): InstallEvent | null {
  return offered;
}
