/** Tones and words one after the other: none over another, and none cut off by the next. */

import type { Cut } from "./audio";

export interface Task {
  /** The words it speaks; null: none. */
  text: string | null;
  /** Begins; done is called once at its end, unless it was cut. */
  run(done: () => void): Cut;
}

interface Running {
  task: Task;
  cut: Cut;
}

export class Queue {
  private waiting: Task[] = [];
  private running: Running | null = null;

  add(...tasks: Task[]): void {
    this.waiting.push(...tasks);
    if (!this.running) this.next();
  }

  /** Drops what waits, and cuts what is under way, unless its words are to be kept. */
  clear(keeps: (text: string) => boolean = () => false): void {
    this.waiting = [];
    const { running } = this;
    if (!running || (running.task.text !== null && keeps(running.task.text))) return;
    this.running = null;
    running.cut();
  }

  private next(): void {
    const task = this.waiting.shift();
    if (!task) return;
    const running: Running = { task, cut: () => {} };
    this.running = running;
    let over = false;
    const cut = task.run(() => {
      over = true;
      if (this.running !== running) return;
      this.running = null;
      this.next();
    });
    if (!over) running.cut = cut;
  }
}
