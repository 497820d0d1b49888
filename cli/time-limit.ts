/**
 * A signal that is aborted with `signal`, or after so many seconds. Not `AbortSignal.any` over `AbortSignal.timeout`: in Node 20 nothing
 * holds on to the latter, so that a signal that is only looked at now and then may never be aborted (its timer goes with the garbage).
 */
export function withTimeLimit(signal: AbortSignal, seconds: number | undefined): AbortSignal {
  if (seconds === undefined) return signal
  const controller = new AbortController()
  const end = (): void => controller.abort(signal.aborted ? signal.reason : new Error(`${seconds} s are over`))
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
  setTimeout(end, seconds * 1000).unref()
  return controller.signal
}
