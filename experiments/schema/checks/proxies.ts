/** A proxy's program speaks its protocol; a sidecar is where its container is. */
import { RELAY_PROGRAMS, speaks } from '../../../models/proxies/programs.js'
import type { Proxy } from '../../../models/topology/scenario.js'
import type { Site } from '../draft.js'
import type { ExperimentError } from '../errors.js'
import * as messages from '../messages.js'
import { mistake } from './report.js'

export function checkProxies(site: Site): readonly ExperimentError[] {
  const { draft } = site
  const errors: ExperimentError[] = []
  for (const [name, proxy] of Object.entries(draft.proxies ?? {})) {
    const { kind, program, beside, host, network, authentication } = proxy ?? {}
    const here = (key: string) => ['proxies', name, key]
    if (kind !== undefined && program !== undefined && !speaks(program, kind)) {
      const fitting = (Object.keys(RELAY_PROGRAMS) as Proxy['program'][]).filter((other) => speaks(other, kind))
      errors.push(mistake(site, [here('program'), here('kind')], messages.otherProtocol(kind, fitting, program)))
    }
    if (kind !== undefined && kind !== 'socks5' && authentication !== undefined)
      errors.push(mistake(site, [here('authentication'), here('kind')], messages.onlySocks()))
    const container = beside === undefined ? undefined : draft.containers?.[beside]
    if (beside === undefined || container === undefined) continue
    if (host !== undefined && container.host !== undefined && container.host !== host)
      errors.push(mistake(site, [here('beside'), here('host')], messages.sidecarElsewhere(beside, container.host, host)))
    if (network !== undefined && container.networks?.includes(network) === false)
      errors.push(mistake(site, [here('network'), here('beside')], messages.sidecarNetwork(beside, network)))
  }
  return errors
}
