/** No port of a host stands for two containers. */
import type { Site } from '../draft.js'
import type { ExperimentError } from '../errors.js'
import * as messages from '../messages.js'
import { mistake } from './report.js'

export function checkPublications(site: Site): readonly ExperimentError[] {
  const errors: ExperimentError[] = []
  const taken = new Map<string, string>()
  for (const [name, container] of Object.entries(site.draft.containers ?? {})) {
    const { host, publish } = container ?? {}
    if (host === undefined || publish === undefined) continue
    const other = taken.get(`${host} ${publish}`)
    if (other === undefined) taken.set(`${host} ${publish}`, name)
    else {
      const paths = [
        ['containers', name, 'publish'],
        ['containers', other, 'publish'],
      ]
      errors.push(mistake(site, paths, messages.publishedTwice(publish, host, other)))
    }
  }
  return errors
}
