/** What the simulation kernel says when it stops: an event is always named by kind, time and row. */

interface Named {
  readonly name: string
  readonly kindNames: readonly string[]
}

interface Event {
  readonly timeNs: number
  readonly kind: number
  readonly row: number
}

export function refusedTime(timeNs: number, nowNs: number, kind: number, row: number): RangeError {
  const reason = Number.isNaN(timeNs) ? 'is not a number' : timeNs < nowNs ? 'lies in the past' : 'is beyond 2^53 ns'
  return new RangeError(`event queue: time ${timeNs} ns ${reason} (kind ${kind}, row ${row}, now ${nowNs} ns)`)
}

export function refusedPriority(priority: number, lowest: number, highest: number, kind: number, row: number): RangeError {
  return new RangeError(`event queue: priority must be ${lowest} to ${highest}, got ${priority} (kind ${kind}, row ${row})`)
}

export function refusedAdvance(timeNs: number, nowNs: number, firstNs: number): RangeError {
  return new RangeError(`event queue: can't advance to ${timeNs} ns: it is ${nowNs} ns, and the first event is due at ${firstNs} ns`)
}

export function wrongDeclaration(model: string, kindName: string, reason: string): RangeError {
  return new RangeError(`${model}: event "${kindName}": ${reason}; kinds are 0, 1, 2, ... with names of their own`)
}

export function wrongHorizon(model: string, untilNs: number, nowNs: number): RangeError {
  return new RangeError(`${model}: can't run until ${untilNs} ns, it is ${nowNs} ns already`)
}

export function wrongCount(model: string, option: string, got: number): RangeError {
  return new RangeError(`${model}: ${option} must be a number of events, got ${got}`)
}

export function noEventsPending(model: string, nowNs: number): Error {
  return new Error(`${model}: nothing to run: no event is pending at ${nowNs} ns; push the first before the run`)
}

export function undeclaredKind(model: string, event: Event): RangeError {
  return new RangeError(`${model}: event at ${event.timeNs} ns, row ${event.row}, has kind ${event.kind}, which was not declared`)
}

export function handlerFailed(model: Named, event: Event, cause: unknown): Error {
  const said = cause instanceof Error ? cause.message : String(cause)
  const place = `event "${model.kindNames[event.kind]}" at ${event.timeNs} ns, row ${event.row}`
  return new Error(`${model.name}: ${place}: ${said}`, { cause })
}

export function neverEnds(model: Named, nowNs: number, budget: number, eventsByKind: Float64Array): Error {
  const busiest = [...eventsByKind]
    .map((count, kind) => ({ count, name: model.kindNames[kind]! }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, 3)
    .map(({ count, name }) => `${name} ${count}`)
  return new Error(`${model.name}: budget of ${budget} events spent at ${nowNs} ns; busiest: ${busiest.join(', ')}`)
}

export function cantSnapshot(path: string, type: string): TypeError {
  return new TypeError(`snapshot: can't copy ${path}, a ${type}; a world holds numbers, texts, typed arrays, arrays and objects of these`)
}

export function cantRestore(path: string, saved: string, found: string): TypeError {
  return new TypeError(`snapshot: ${path} was a ${saved}, and is a ${found}: restore into a world that the same code created`)
}

export function tooFewValues(what: string, needed: number, got: number): RangeError {
  return new RangeError(`${what}: needs at least ${needed} values, got ${got}`)
}

export function notAProbability(what: string, got: number): RangeError {
  return new RangeError(`${what}: expected a number between 0 and 1, got ${got}`)
}
