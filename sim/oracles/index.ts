/** Queueing systems whose truth is known, run on the kernel: its tests, and `fairway selftest`. */
export { type CheckedOracle, type CheckedQuantity, type CheckOptions, checkOracle, confidenceOfAll } from './check.js'
export { type Coverage, type CoverageCase, coverageOf } from './coverage.js'
export { coverageCases, oracles } from './list.js'
export type { Observation, Oracle, Quantity } from './oracle.js'
