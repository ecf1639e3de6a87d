/** When the next drill is due: once a month, at the person's day and hour, never at night. Pure. */

import { type Monthly, REMIND_HOURS } from "../alert/settings";

/** The last time it was due before now; all times are device ms. */
export function lastDue({ day, hour }: Monthly, now: number): number {
  const at = new Date(now);
  const due = new Date(at.getFullYear(), at.getMonth(), day, hour).getTime();
  return due <= now ? due : new Date(at.getFullYear(), at.getMonth() - 1, day, hour).getTime();
}

/** Whether to remind now. practised: when the last drill was, 0: never. */
export function isDue(monthly: Monthly, practised: number, now: number): boolean {
  const hour = new Date(now).getHours();
  const awake = hour >= REMIND_HOURS[0] && hour <= REMIND_HOURS[REMIND_HOURS.length - 1]!;
  return awake && practised < lastDue(monthly, now);
}
