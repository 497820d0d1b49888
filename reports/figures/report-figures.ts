/** The figures of a report: which there are, each with its specification for any theme and its caption. */
import type { FigureName } from '../../experiments/experiment.js'
import { type CaptionedFigure, captionOf } from '../captions.js'
import type { Report } from '../report.js'
import type { Theme } from '../theme.js'
import { latencyBySize } from './latency-by-size.js'
import { latencyBySizeData } from './latency-by-size-data.js'
import { latencyCdf } from './latency-cdf.js'
import { latencyCdfData } from './latency-cdf-data.js'
import type { Spec } from './spec.js'
import { stageBreakdown } from './stage-breakdown.js'
import { stageBreakdownData, stageDifferenceData } from './stage-breakdown-data.js'
import { validation } from './validation.js'
import { validationData } from './validation-data.js'

export interface ReportFigure {
  /** Name of its files without their ending. */
  readonly name: string
  readonly title: string
  readonly caption: string
  readonly draw: (theme: Theme) => Spec
}

/** In the order of the experiment's `report` list; a figure whose rows are missing is left out. */
export function reportFigures(report: Report): ReportFigure[] {
  const figures: ReportFigure[] = []
  const add = <Data extends { readonly title: string }>(
    kind: CaptionedFigure,
    flow: string | null,
    data: Data | null,
    draw: (data: Data, theme: Theme) => Spec,
  ) => {
    if (data === null) return
    const name = flow !== null && report.flows.length > 1 ? `${kind}-${flow}` : kind
    figures.push({ name, title: data.title, caption: captionOf(report, kind, data.title), draw: (theme) => draw(data, theme) })
  }
  for (const wanted of report.experiment.report) {
    if (wanted === 'validation') add('validation', null, validationData(report), validation)
    else for (const flow of report.flows) addOne(wanted, flow)
  }
  return figures

  function addOne(wanted: Exclude<FigureName, 'validation'>, flow: string): void {
    switch (wanted) {
      case 'latency-by-size':
        add('latency-by-size', flow, latencyBySizeData(report, flow), latencyBySize)
        break
      case 'latency-cdf':
        add('latency-cdf', flow, latencyCdfData(report, flow), latencyCdf)
        break
      case 'stage-breakdown':
        add('stage-differences', flow, stageDifferenceData(report, flow), stageBreakdown)
        add('stage-breakdown', flow, stageBreakdownData(report, flow), stageBreakdown)
        break
    }
  }
}
