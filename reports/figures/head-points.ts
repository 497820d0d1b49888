/** The first point of each model (first value of every other swept key): what first screens and single-place figures speak about. */
import { placeOf } from '../axes.js'
import type { Report } from '../report.js'

export function headPoints(report: Report): ReadonlyMap<string, string> {
  const points = new Map<string, string>()
  for (const point of report.experiment.points) if (!points.has(point.model)) points.set(point.model, point.id)
  return points
}

/** `64 B`; empty where only the model is swept. */
export function headPlace(report: Report, flow: string): string {
  const point = report.experiment.points[0]
  return point ? placeOf(report.experiment, flow, point.values) : ''
}
