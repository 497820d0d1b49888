import type { TraceContext } from '../../models/message-trace.js'
import { significant } from '../format/estimate.js'
import type { Report } from '../report.js'
import type { ShownModels } from './estimate-mark.js'
import { headPlace } from './head-points.js'

export interface TimelineBar {
  readonly model: string
  readonly process: string
  readonly stage: string
  readonly context: TraceContext
  readonly from: number
  readonly to: number
  readonly description: string
}

export interface TimelineWait {
  readonly model: string
  readonly process: string
  readonly state: 'ready' | 'asleep'
  readonly from: number
  readonly to: number
  readonly description: string
}

export interface TimelinePanel {
  readonly model: string
  /** Top to bottom: client, relays, server; `server, core 0` where they are on several. */
  readonly processes: readonly string[]
  readonly bars: readonly TimelineBar[]
  readonly waits: readonly TimelineWait[]
  /** Where the request has reached the server whole and the reply begins. */
  readonly turnUs: number | null
  readonly endUs: number
}

export interface TimelineData extends ShownModels {
  readonly title: string
  readonly panels: readonly TimelinePanel[]
  readonly contexts: readonly TraceContext[]
  readonly place: string
}

const NS_PER_US = 1000
const MOST_PANELS = 6

/** One typical message of each model, process by process; null where no message was traced. */
export function timelineData(report: Report, flow: string): TimelineData | null {
  const traces = (report.traces ?? []).filter((trace) => trace.flow === flow).slice(0, MOST_PANELS)
  if (traces.length === 0) return null
  const panels = traces.map(({ model, processes, typical }): TimelinePanel => {
    const cores = new Set(processes.map(({ core }) => core))
    const label = (name: string): string => {
      const core = processes.find((process) => process.name === name)?.core.split('/')[1]
      return cores.size > 1 ? `${name}, core ${core}` : name
    }
    const bars = typical.steps.map(({ process, stage, context, startNs, endNs }): TimelineBar => {
      const us = significant((endNs - startNs) / NS_PER_US, 2)
      const said = `${model}, ${process}: ${stage} (${context}), ${us} µs`
      return { model, process: label(process), stage, context, from: startNs / NS_PER_US, to: endNs / NS_PER_US, description: said }
    })
    const waits = typical.waits.map(({ process, state, startNs, endNs }): TimelineWait => {
      const us = significant((endNs - startNs) / NS_PER_US, 2)
      const said = `${model}, ${process}: ${state === 'ready' ? 'ready, waits for the core' : 'asleep'}, ${us} µs`
      return { model, process: label(process), state, from: startNs / NS_PER_US, to: endNs / NS_PER_US, description: said }
    })
    const back = typical.steps.find(({ direction }) => direction === 'back')
    return {
      model,
      processes: processes.map(({ name }) => label(name)),
      bars,
      waits,
      turnUs: back ? back.startNs / NS_PER_US : null,
      endUs: Math.max(...bars.map((bar) => bar.to)),
    }
  })
  const place = headPlace(report, flow)
  const { models } = report.experiment
  return {
    title: `Who waits for whom in one message${place === '' ? '' : ` of ${place}`}?`,
    palette: models,
    models: models.filter((model) => panels.some((panel) => panel.model === model)),
    panels,
    contexts: [...new Set(panels.flatMap((panel) => panel.bars.map((bar) => bar.context)))],
    place,
  }
}
