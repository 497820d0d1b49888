/** Requests of HTTP travel over TCP, through relays that need no client that speaks SOCKS5; relays at layer 7 relay nothing else. */
import type { DraftFlow, Site } from '../draft.js'
import type { ExperimentError } from '../errors.js'
import type { Path } from '../located.js'
import * as messages from '../messages.js'
import { mistake } from './report.js'

export function checkHttp(site: Site): readonly ExperimentError[] {
  return Object.entries(site.draft.flows ?? {}).flatMap(([name, flow]) =>
    flow?.workload?.kind === undefined ? [] : flowErrors(site, ['flows', name], flow),
  )
}

function flowErrors(site: Site, here: Path, { transport, via, workload }: DraftFlow): readonly ExperimentError[] {
  const errors: ExperimentError[] = []
  const isHttp = workload?.kind === 'http'
  const kind: Path = [...here, 'workload', 'kind']
  if (isHttp && transport !== undefined && transport !== 'tcp')
    errors.push(mistake(site, [[...here, 'transport'], kind], messages.httpNot('transport tcp', transport)))
  for (const [index, name] of (via ?? []).entries()) {
    const spoken = name === undefined ? undefined : site.draft.proxies?.[name]?.kind
    const paths: Path[] = [[...here, 'via', index], ['proxies', name ?? '', 'kind'], kind]
    if (isHttp && spoken === 'socks5') errors.push(mistake(site, paths, messages.httpNot('relays of kind tcp or http', `${name} (socks5)`)))
    if (!isHttp && spoken === 'http') errors.push(mistake(site, paths, messages.onlyHttp(name!, workload!.kind!)))
  }
  return errors
}
