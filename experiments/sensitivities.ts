/** How far a latency moves when one coefficient of the profile does: which number of the profile a prediction hangs on. */
import type { Profile } from '../models/index.js'
import { mean } from '../sim/statistics/index.js'
import { meanCounts, type SimulatedPoint } from './simulated-rows.js'

export interface Sensitivity {
  readonly point: string
  readonly model: string
  readonly flow: string
  readonly coefficient: string
  /** Change of the median latency, ns, when the coefficient grows by one standard deviation of its own: to first order, as the intervals take it. */
  readonly perDeviationNs: number
  /** The standard deviation itself, in the coefficient's unit. */
  readonly deviation: number
  /** The median latency, ns, that changes. */
  readonly valueNs: number
}

/** Of every point that was simulated whole, by coefficient in the profile's order; coefficients that a message never pays are left out. */
export function sensitivitiesOf(points: readonly SimulatedPoint[], profile: Profile): Sensitivity[] {
  const size = profile.coefficients.length
  return points.flatMap(({ point, records }) => {
    const finished = records.filter((record) => record !== null)
    if (finished.length < records.length || finished.length === 0) return []
    return finished[0]!.flows.flatMap(({ flow, metric }, at) => {
      // A stream has no latency that a cost could move.
      if (metric === 'throughput') return []
      const replications = finished.map((record) => record.flows[at]!)
      const counts = meanCounts(replications)
      // Latency is half of a round trip, so it moves by half of what the round trip's charges do.
      const share = metric === 'latency' ? 0.5 : 1
      const valueNs = mean(replications.map(({ latencyNs }) => latencyNs.p50))
      return profile.coefficients.flatMap(({ name }, i): Sensitivity[] => {
        const deviation = Math.sqrt(Math.max(0, profile.covariance[i * size + i] ?? 0))
        const perDeviationNs = (counts[name] ?? 0) * share * deviation
        return perDeviationNs === 0
          ? []
          : [{ point: point.id, model: point.model, flow, coefficient: name, perDeviationNs, deviation, valueNs }]
      })
    })
  })
}
