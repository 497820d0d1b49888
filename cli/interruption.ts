/**
 * Ctrl-C ends a run between two replications and keeps what is finished; a second one ends at once. A terminal that closes ends nothing: the
 * work goes on, unseen (`main` keeps writing to it from being an error).
 */
export function onInterruption(): AbortSignal {
  process.on('SIGHUP', () => undefined)
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort(new Interrupted(name)))
  return controller.signal
}

export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  constructor(by: string) {
    super(`interrupted (${by}): what is finished is kept, and the same command goes on from there`)
  }
}
