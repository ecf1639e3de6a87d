/**
 * "Follow me": where the device is, to about a kilometre, in memory only. It is asked for while the
 * page is seen, without the GPS receiver, and forgotten after two hours.
 */

import type { Place } from "../forecast/forecast";

const KEPT_MS = 7_200_000;
const DIGITS = 2; // of a degree: a kilometre
const LEAST_KM = 1;

export class Follow {
  private watch: number | null = null;
  private point: { lat: number; lon: number; accuracyKm: number; at: number } | null = null;
  failed = false;

  /** found: there is another position. */
  constructor(private readonly found: () => void) {}

  want(wanted: boolean): void {
    if (wanted === (this.watch !== null) || !navigator.geolocation) return;
    if (wanted) this.start();
    else this.stop();
  }

  /** Under this name, where the position is known. */
  place(name: string): Place | null {
    if (!this.point || Date.now() - this.point.at > KEPT_MS) return null;
    const { lat, lon, accuracyKm } = this.point;
    return { name, lat, lon, accuracyKm };
  }

  private start(): void {
    const options = { enableHighAccuracy: false, maximumAge: 600_000 };
    const at = (value: number) => Number(value.toFixed(DIGITS));
    this.watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        const accuracyKm = Math.max(LEAST_KM, coords.accuracy / 1000);
        const [lat, lon] = [at(coords.latitude), at(coords.longitude)];
        this.point = { lat, lon, accuracyKm, at: Date.now() };
        this.failed = false;
        this.found();
      },
      () => {
        this.failed = true;
        this.found();
      },
      options,
    );
  }

  private stop(): void {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    this.watch = this.point = null;
    this.failed = false;
  }
}
