/** What other rooms may use of campaigns. */
export { BusyError } from '../testbed/lock.js'
export { type DataSet, type DataSetManifest, isDataSet, readDataSet, rowsFromRaw, sealDataSet } from './data-set.js'
export { type MeasureOptions, measureExperiment } from './measure-experiment.js'
export {
  type CampaignPlan,
  isPlan,
  LEAST_RUNS,
  type PlanDocument,
  PlanError,
  type PlannedPoint,
  parsePlan,
  planFromDocument,
  planToYaml,
} from './plan.js'
export { type RawRun, readAllRaw } from './raw.js'
export { type CampaignOptions, type CampaignOutcome, type CampaignProgress, runCampaign } from './run.js'
