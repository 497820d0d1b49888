/** The worker that holds the simulator: started when it is first needed, asked about the newest state only. */
import type { FromWorker, ToWorker } from '../what-if/protocol.js'
import type { WhatIfBase } from '../what-if/run.js'
import type { WhatIfState } from '../what-if/state.js'
import { embeddedText } from './embedded.js'

export interface Simulator {
  /** Answers come through `onAnswer`; those to an older state never do. */
  ask(state: WhatIfState): void
}

export async function startSimulator(base: WhatIfBase, onAnswer: (answer: FromWorker) => void): Promise<Simulator> {
  const source = await embeddedText('what-if.js')
  if (source === null) throw new Error('the page does not carry the simulator')
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const worker = new Worker(url)
  const tell = (message: ToWorker): void => worker.postMessage(message)
  let newest = 0
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === 'ready') URL.revokeObjectURL(url)
    else if (data.id === newest) onAnswer(data)
  })
  worker.addEventListener('error', ({ message }) =>
    onAnswer({ kind: 'refused', id: newest, reason: message || 'the simulator did not start' }),
  )
  tell({ kind: 'start', base })
  return { ask: (state) => tell({ kind: 'run', id: ++newest, state }) }
}
