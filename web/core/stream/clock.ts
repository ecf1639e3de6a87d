/**
 * The server's clock as seen from here, from questions and answers (Cristian 1989).
 *
 * The device's own clock may be wrong, or the server may play a recorded earthquake years old:
 * only the difference counts. Of the last answers the quickest is believed; its error is half
 * its round trip. A greeting that comes unasked gives a first guess with an error of a second,
 * and shows when the server's clock has stepped.
 */

const KEPT = 8;
const GREETING_ERROR_S = 1;
const STEP_MS = 2000;

interface Sample {
  offset: number;
  errorS: number;
}

/** Device times are milliseconds of a clock that never steps. */
export class Clock {
  private samples: Sample[] = [];

  pong(sent: number, received: number, server: number): void {
    const half = (received - sent) / 2;
    this.add({ offset: server + half - received, errorS: half / 1000 });
  }

  greeting(received: number, server: number): void {
    const offset = server - received;
    const best = this.best();
    const known = best !== null && best.errorS < Infinity;
    if (known && Math.abs(offset - best.offset) < STEP_MS + best.errorS * 1000) return;
    this.samples = [{ offset, errorS: GREETING_ERROR_S }];
  }

  /** A time of unknown age, better than none: enough to show an alert, not to count. */
  guess(received: number, server: number): void {
    if (!this.best()) this.samples = [{ offset: server - received, errorS: Infinity }];
  }

  /** Server milliseconds, or null before anything was received. */
  now(device: number): number | null {
    const best = this.best();
    return best && device + best.offset;
  }

  /** Seconds; infinite before anything was received. */
  errorS(): number {
    return this.best()?.errorS ?? Infinity;
  }

  private add(sample: Sample): void {
    this.samples = [...this.samples, sample].slice(-KEPT);
  }

  private best(): Sample | null {
    return this.samples.reduce<Sample | null>(
      (best, sample) => (best && best.errorS <= sample.errorS ? best : sample),
      null,
    );
  }
}
