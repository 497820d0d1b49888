/** What an exit code says; scripts and continuous integration rely on them. */
export const exitCode = {
  done: 0,
  /** Something went wrong on the way. */
  failed: 1,
  /** Wrong usage, or a wrong experiment file: nothing was run. */
  usage: 2,
  /** A bound of a validation or of a comparison was not met. */
  boundNotMet: 3,
  /** This machine can't do it. */
  machine: 4,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
