/** A process that never stops computing, for `idle: never`: run under SCHED_IDLE it yields to everybody, and its core never sleeps. */

/** Node itself: present wherever Fairway is, and compiled to a bare loop within milliseconds. */
export function spinnerArguments(): string[] {
  return [process.execPath, '-e', 'for (;;);']
}
