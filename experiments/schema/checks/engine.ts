/** What an engine other than Fairway's own commands has no plugin or option for. */
import { DRIVERS_OF } from '../../../models/topology/engine.js'
import type { Site } from '../draft.js'
import type { ExperimentError } from '../errors.js'
import * as messages from '../messages.js'
import { isWritten, mistake } from './report.js'

/** Keys of a host by which Fairway writes rules of its own beside an engine's. */
const POLICY_KEYS = ['firewall', 'rules', 'conntrack', 'masquerade'] as const

export function checkEngine(site: Site): readonly ExperimentError[] {
  const { draft } = site
  const { engine } = draft
  const errors: ExperimentError[] = [...seccompErrors(site)]
  if (engine === undefined || engine === 'netns') return errors
  const refuse = (path: readonly string[], what: string, builds: readonly string[]): void => {
    errors.push(mistake(site, [path, ['engine']], messages.notByEngine(engine, what, builds)))
  }
  for (const [name, network] of Object.entries(draft.networks ?? {})) {
    const { driver, bridges } = network ?? {}
    if (driver !== undefined && !DRIVERS_OF[engine].includes(driver))
      refuse(['networks', name, 'driver'], `driver ${driver}`, DRIVERS_OF[engine])
    if (bridges !== undefined && bridges > 1) refuse(['networks', name, 'bridges'], `a chain of ${bridges} bridges`, ['one bridge'])
  }
  for (const section of ['routers', 'services'] as const)
    for (const name of Object.keys(draft[section] ?? {})) refuse([section, name], `${section} such as ${name}`, ['none of them'])
  for (const host of Object.keys(draft.hosts ?? {}))
    for (const key of POLICY_KEYS)
      if (isWritten(site, ['hosts', host, key])) refuse(['hosts', host, key], `${key} of a host`, ["the engine's own rules"])
  return errors
}

/** Filters belong to an engine's containers; `rules` says how many. */
function seccompErrors(site: Site): ExperimentError[] {
  const errors: ExperimentError[] = []
  for (const section of ['containers', 'proxies'] as const)
    for (const [name, end] of Object.entries(site.draft[section] ?? {})) {
      const { seccomp, 'seccomp-rules': rules } = end ?? {}
      const path = [section, name, 'seccomp']
      if (seccomp !== undefined && seccomp !== 'none' && site.draft.engine !== 'podman')
        errors.push(mistake(site, [path, ['engine']], messages.filterWithoutEngine(seccomp)))
      if ((seccomp === 'rules') !== (rules !== undefined))
        errors.push(mistake(site, [[...path.slice(0, 2), 'seccomp-rules'], path], messages.seccompRules()))
    }
  return errors
}
