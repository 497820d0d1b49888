/** What is rehearsed (run.ts): each network model with the first and with the last of every swept value, whose paths have between them most of the ways. */
import { isMap, type PlainMap } from './plain-document.js'
import type { Choices, Written } from './state.js'

export function rehearsals(document: PlainMap): Choices[] {
  const { models, sweep } = document
  const last: Record<string, Written> = {}
  for (const [key, list] of isMap(sweep) ? Object.entries(sweep) : [])
    if (key !== 'model' && Array.isArray(list)) last[key] = list.at(-1) as Written
  return Object.keys(isMap(models) ? models : {}).flatMap((model) => [
    { model, values: {}, costs: {} },
    { model, values: last, costs: {} },
  ])
}
