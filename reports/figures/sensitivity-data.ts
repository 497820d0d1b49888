import type { Sensitivity } from '../../experiments/sensitivities.js'
import { significant } from '../format/estimate.js'
import type { Report } from '../report.js'
import type { ShownModels } from './estimate-mark.js'
import { headPlace, headPoints } from './head-points.js'

export interface SensitivityBar {
  readonly model: string
  readonly coefficient: string
  /** Change of the median, per cent of it, when the coefficient is one standard deviation smaller, and larger. */
  readonly low: number
  readonly high: number
  readonly description: string
}

export interface SensitivityData extends ShownModels {
  readonly title: string
  /** By model, the largest change first. */
  readonly bars: readonly SensitivityBar[]
  readonly place: string
}

const MOST = 6
/** Changes below this share of the model's largest are left out. */
const WORTH_A_BAR = 0.02

/** Which coefficients of the profile the predictions at the first points hang on; null where nothing was simulated. */
export function sensitivityData(report: Report, flow: string): SensitivityData | null {
  const heads = headPoints(report)
  const own = (report.sensitivities ?? []).filter((one) => one.flow === flow && heads.get(one.model) === one.point)
  if (own.length === 0) return null
  const { models } = report.experiment
  const place = headPlace(report, flow)
  return {
    title: `Which coefficient do predictions${place === '' ? '' : ` at ${place}`} hang on?`,
    palette: models,
    models: models.filter((model) => own.some((one) => one.model === model)),
    bars: models.flatMap((model) => largestOf(own.filter((one) => one.model === model)).map(barOf)),
    place,
  }
}

function largestOf(own: readonly Sensitivity[]): Sensitivity[] {
  const sorted = [...own].sort((a, b) => Math.abs(b.perDeviationNs) - Math.abs(a.perDeviationNs))
  const most = Math.abs(sorted[0]?.perDeviationNs ?? 0)
  return sorted.filter(({ perDeviationNs }) => Math.abs(perDeviationNs) >= most * WORTH_A_BAR).slice(0, MOST)
}

function barOf({ model, coefficient, perDeviationNs, valueNs, deviation }: Sensitivity): SensitivityBar {
  const share = (perDeviationNs / valueNs) * 100
  const said = `${model}: p50 changes by ±${significant(Math.abs(share), 2)} % when ${coefficient} changes by ±${significant(deviation, 2)}`
  return { model, coefficient: shortName(coefficient), low: -share, high: share, description: said }
}

/** `veth.transmit per packet` for `veth.transmit.perPacketNs`. */
function shortName(coefficient: string): string {
  const at = coefficient.lastIndexOf('.')
  const per = coefficient
    .slice(at + 1)
    .replace(/Ns$/, '')
    .replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
  return `${coefficient.slice(0, at)} ${per}`
}
