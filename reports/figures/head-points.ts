/** The first point of each model (first value of every other swept key): what first screens and single-place figures speak about. */
import { axisOf, panelOf, placeOf } from '../axes.js'
import type { Report } from '../report.js'

export function headPoints(report: Report): ReadonlyMap<string, string> {
  return firstPoints(report, () => true)
}

/** The same among the points of one panel. */
export function headPointsIn(report: Report, flow: string, panel: string): ReadonlyMap<string, string> {
  const axis = axisOf(report.experiment, flow)
  return firstPoints(report, ({ values }) => panelOf(report.experiment, axis, values) === panel)
}

function firstPoints({ experiment }: Report, isMeant: (point: Report['experiment']['points'][number]) => boolean): Map<string, string> {
  const points = new Map<string, string>()
  for (const point of experiment.points) if (isMeant(point) && !points.has(point.model)) points.set(point.model, point.id)
  return points
}

/** `64 B`; empty where only the model is swept. */
export function headPlace(report: Report, flow: string): string {
  const point = report.experiment.points[0]
  return point ? placeOf(report.experiment, flow, point.values) : ''
}
