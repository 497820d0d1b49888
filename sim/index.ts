/** The discrete-event kernel and its statistics; it knows nothing of networks, and uses no Node API. */
export { EventQueue } from './event-queue.js'
export { hashText } from './hash.js'
export { exp, log, pow, sin } from './math.js'
export * from './random/index.js'
export {
  declareModel,
  type EventKind,
  type Handler,
  type HasQueue,
  type Model,
  type Progress,
  type RunOptions,
  type RunOutcome,
  run,
  runInSlices,
  type SliceOptions,
  step,
} from './run-loop.js'
export * from './servers/index.js'
export { restoreSnapshot, type Snapshot, takeSnapshot } from './snapshot.js'
export * from './statistics/index.js'
export { Timers } from './timers.js'
