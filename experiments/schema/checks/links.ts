/** Links join two hosts; a veth pair stays on one machine, a physical cable has a rate and a delay. */

import { machineOfHost, type Site } from '../draft.js'
import type { ExperimentError } from '../errors.js'
import * as messages from '../messages.js'
import { isWritten, mistake } from './report.js'

export function checkLinks(site: Site): readonly ExperimentError[] {
  const errors: ExperimentError[] = []
  site.draft.links?.forEach((link, i) => {
    const [a, b] = link?.between ?? []
    const here = ['links', i]
    if (a !== undefined && a === b) errors.push(mistake(site, [[...here, 'between', 1]], messages.linkToItself(a)))
    for (const key of ['rate', 'delay'] as const) {
      if (link?.kind === 'physical' && link[key] === undefined) {
        const example = key === 'rate' ? 'a rate such as "1 Gbit/s"' : 'a duration such as "10 us"'
        // A rate that is written but wrong has its own message already.
        if (!isWritten(site, [...here, key])) errors.push(mistake(site, [[...here, key]], messages.linkNeeds(example)))
      }
      if (link?.kind === 'veth' && link[key] !== undefined) errors.push(mistake(site, [[...here, key]], messages.linkHasNo(key)))
    }
    if (link?.kind === 'physical' && (link.hops ?? 0) > 0) errors.push(mistake(site, [[...here, 'hops']], messages.physicalHops()))
    const [first, second] = [machineOfHost(site.draft, a), machineOfHost(site.draft, b)]
    if (link?.kind === 'veth' && first !== undefined && second !== undefined && first !== second)
      errors.push(
        mistake(
          site,
          [
            [...here, 'kind'],
            ['hosts', b!, 'machine'],
          ],
          messages.linkAcrossMachines(first, second),
        ),
      )
  })
  return errors
}
