/** The library: `import { parseExperiment, simulate, explain, compare } from 'fairway'`. */

export type { Attribution, StagePart } from './attribution.js'
export { type DataSet, readDataSet } from './campaign/index.js'
export type { Pair, Verdict } from './comparison.js'
export type { DefaultInForce, Experiment, Point, StopRule } from './experiment.js'
export { findExperimentFile, type LoadedExperiment, loadExperimentFile } from './experiment-file.js'
export { compare, explain, simulate, type WithProfile } from './library.js'
export { loadProfile, parseProfile, profileNames } from './profile-file.js'
export type { Metric, Role, Row, Source } from './rows.js'
export { type Failure, type Progress, type RunOptions, type RunOutcome, runExperiment } from './runner.js'
export { type ExperimentError, formatErrors, parseExperiment } from './schema/index.js'
export { readRowsCsv, readRowsParquet, type StageRow } from './store/index.js'
