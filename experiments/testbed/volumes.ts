/**
 * Volumes: folders that live as long as a built layout, and each container's own way to those that it mounts. Containers that Fairway's own
 * commands make are network namespaces in one file system: the way is a symbolic link, and once a socket is connected no message looks it up.
 */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from '../../models/topology/scenario.js'
import type { TestbedRun } from './run.js'

/** The folder of a volume, and where a container finds it. */
export interface Volumes {
  readonly folder: (volume: string) => string
  readonly mountedIn: (container: string, volume: string) => string
  remove(): void
}

/** Below the run's folder, which the sweep removes after a kill. */
export function makeVolumes(run: TestbedRun, scenario: Scenario): Volumes {
  const root = join(run.folder, `volumes.${run.id}`)
  const folder = (volume: string): string => join(root, volume)
  const mountedIn = (container: string, volume: string): string => join(root, `${container}.mounts`, volume)
  for (const volume of Object.keys(scenario.volumes ?? {})) mkdirSync(folder(volume), { recursive: true })
  for (const [container, { volumes = [] }] of Object.entries(scenario.containers)) {
    if (volumes.length > 0) mkdirSync(join(root, `${container}.mounts`))
    for (const volume of volumes) symlinkSync(folder(volume), mountedIn(container, volume))
  }
  return { folder, mountedIn, remove: () => rmSync(root, { recursive: true, force: true }) }
}
