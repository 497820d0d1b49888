/** The discrete-event kernel and its statistics; it knows nothing of networks, and uses no Node API. */
export { EventQueue } from './event-queue.js'
export { hashText } from './hash.js'
export { exp, log, pow, sin } from './math.js'
export * from './random/index.js'
export { declareModel, type EventKind, type Handler, type HasQueue, type Model, type RunOptions, type RunOutcome, run } from './run-loop.js'
export * from './statistics/index.js'
