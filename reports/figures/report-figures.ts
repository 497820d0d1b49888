/** The figures of a report: which there are, each with its specification for any theme and its caption. */
import type { FigureName } from '../../experiments/experiment.js'
import { type CaptionedFigure, captionOf } from '../captions.js'
import { publishedVerdicts } from '../published-verdict.js'
import type { Report } from '../report.js'
import type { Theme } from '../theme.js'
import { latencyBySize } from './latency-by-size.js'
import { latencyBySizeData } from './latency-by-size-data.js'
import { latencyCdf } from './latency-cdf.js'
import { latencyCdfData } from './latency-cdf-data.js'
import { latencyLoad } from './latency-load.js'
import { latencyLoadData } from './latency-load-data.js'
import { latencyTail } from './latency-tail.js'
import { latencyTailData } from './latency-tail-data.js'
import { processorTime } from './processor-time.js'
import { processorTimeData } from './processor-time-data.js'
import { published } from './published.js'
import { publishedData } from './published-data.js'
import { ranks } from './ranks.js'
import { ranksData } from './ranks-data.js'
import { residuals } from './residuals.js'
import { residualsData } from './residuals-data.js'
import { sensitivity } from './sensitivity.js'
import { sensitivityData } from './sensitivity-data.js'
import type { Spec } from './spec.js'
import { stageBreakdown } from './stage-breakdown.js'
import { stageBreakdownData, stageDifferenceData } from './stage-breakdown-data.js'
import { stageWaterfall } from './stage-waterfall.js'
import { stageWaterfallData } from './stage-waterfall-data.js'
import { throughput } from './throughput.js'
import { throughputData } from './throughput-data.js'
import { timeline } from './timeline.js'
import { timelineData } from './timeline-data.js'
import { validation } from './validation.js'
import { validationData } from './validation-data.js'

export interface ReportFigure {
  /** Name of its files without their ending. */
  readonly name: string
  readonly kind: CaptionedFigure
  readonly title: string
  readonly caption: string
  readonly draw: (theme: Theme) => Spec
}

/** In the order of the experiment's `report` list; a figure whose rows are missing is left out. */
export function reportFigures(report: Report): ReportFigure[] {
  return report.experiment.report.flatMap((wanted) =>
    wanted === 'validation' || wanted === 'residuals'
      ? ofAllFlows(report, wanted)
      : report.flows.flatMap((flow) => ofFlow(report, wanted, flow)),
  )
}

function ofAllFlows(report: Report, wanted: 'validation' | 'residuals'): ReportFigure[] {
  const [times, throughputs] =
    wanted === 'validation'
      ? [
          figure(report, wanted, null, validationData(report), validation),
          figure(report, wanted, null, validationData(report, 'throughput'), validation),
        ]
      : [
          figure(report, wanted, null, residualsData(report), residuals),
          figure(report, wanted, null, residualsData(report, 'throughput'), residuals),
        ]
  return [...times, ...throughputs.map((one) => (times.length === 0 ? one : { ...one, name: `${wanted}-throughput` }))]
}

function ofFlow(report: Report, wanted: Exclude<FigureName, 'validation' | 'residuals'>, flow: string): ReportFigure[] {
  switch (wanted) {
    case 'latency-by-size':
      return figure(report, wanted, flow, latencyBySizeData(report, flow, timeOf(report, flow)), latencyBySize)
    case 'latency-cdf':
      return figure(report, wanted, flow, latencyCdfData(report, flow), latencyCdf)
    case 'latency-tail':
      return figure(report, wanted, flow, latencyTailData(report, flow), latencyTail)
    case 'latency-load':
      return figure(report, wanted, flow, latencyLoadData(report, flow), latencyLoad)
    case 'throughput': {
      const curves = latencyBySizeData(report, flow, 'throughput', 'mean')
      return [
        ...figure(report, wanted, flow, throughputData(report, flow), throughput),
        ...figure(report, 'throughput-by-size', flow, curves?.axis ? curves : null, latencyBySize),
      ]
    }
    case 'stage-breakdown':
      return [
        ...figure(report, 'stage-differences', flow, stageDifferenceData(report, flow), stageBreakdown),
        ...figure(report, wanted, flow, stageBreakdownData(report, flow), stageBreakdown),
      ]
    case 'stage-waterfall':
      return figure(report, wanted, flow, stageWaterfallData(report, flow), stageWaterfall)
    case 'processor-time':
      return figure(report, wanted, flow, processorTimeData(report, flow), processorTime)
    case 'timeline':
      return figure(report, wanted, flow, timelineData(report, flow), timeline)
    case 'ranks':
      return figure(report, wanted, flow, ranksData(report, flow), ranks)
    case 'published': {
      const data = publishedData(report, flow)
      return figure(report, wanted, flow, data && { ...data, verdicts: publishedVerdicts(data) }, published)
    }
    case 'sensitivity':
      return figure(report, wanted, flow, sensitivityData(report, flow), sensitivity)
  }
}

/** What sizes change: of connections and requests of HTTP the whole response time. Response times under load have a figure of their own. */
function timeOf({ experiment }: Report, flow: string): 'latency' | 'response-time' {
  const kinds = experiment.points.map(({ scenario }) => scenario.flows[flow]?.workload.kind)
  return kinds.includes('connect') || kinds.includes('http') ? 'response-time' : 'latency'
}

function figure<Data extends { readonly title: string }>(
  report: Report,
  kind: CaptionedFigure,
  flow: string | null,
  data: Data | null,
  draw: (data: Data, theme: Theme) => Spec,
): ReportFigure[] {
  if (data === null) return []
  const name = flow !== null && report.flows.length > 1 ? `${kind}-${flow}` : kind
  return [{ name, kind, title: data.title, caption: captionOf(report, kind, data), draw: (theme) => draw(data, theme) }]
}
