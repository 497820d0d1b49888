/** Choices that need more than their own key: a load makes an open loop of a flow, a quota has a period that a short run sees. */
import { isMap, type PlainMap, pathOf, valueAt } from './plain-document.js'
import type { Written } from './state.js'

/** What the load of a flow says where it is none: one message at a time. */
export const NO_LOAD = 'one at a time'
/** What a quota says where there is none. */
export const NO_QUOTA = 'none'
/** Short, so that a thousand messages see several: the kernel's own is 100 ms. */
export const QUOTA_PERIOD = '10 ms'

/** The values with all that they imply; those that mean nothing but the file as it is are left out. */
export function withImplied(values: Readonly<Record<string, Written>>, document: PlainMap): Record<string, Written> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]): [string, Written][] => {
      if (value === NO_LOAD || value === NO_QUOTA) return []
      if (/^flows\.[^.]+\.workload\.rate$/.test(key)) return [[key, value], ...openLoop(key.split('.')[1]!, document)]
      if (key.endsWith('.cpu-quota') && valueAt(document, pathOf(key)) === undefined)
        return [
          [key, value],
          [key.replace('cpu-quota', 'cpu-period'), QUOTA_PERIOD],
        ]
      return [[key, value]]
    }),
  )
}

/** The generator spins on a core of its own: where both ends shared one, the client goes to core 0 and the server to core 1. */
function openLoop(flow: string, document: PlainMap): [string, Written][] {
  const { from, to, workload } = valueAt(document, ['flows', flow]) as { from: string; to: string; workload: PlainMap }
  if (isMap(workload) && workload['kind'] === 'open-loop') return []
  return [
    [`flows.${flow}.workload.kind`, 'open-loop'],
    [`containers.${from}.core`, 0],
    [`containers.${to}.core`, 1],
  ]
}
