/** All checks of what a document means, once its values have been read. */

import type { Site } from '../draft.js'
import type { ExperimentError } from '../errors.js'
import { checkAddresses } from './addresses.js'
import { checkConnections } from './connections.js'
import { checkEngine } from './engine.js'
import { checkFlows } from './flows.js'
import { checkHttp } from './http.js'
import { checkLinks } from './links.js'
import { checkNames } from './names.js'
import { checkNetworks } from './networks.js'
import { checkPlacement } from './placement.js'
import { checkProxies } from './proxies.js'
import { checkPublications } from './publications.js'
import type { Check } from './report.js'
import { checkStarts } from './starts.js'
import { checkVolumes } from './volumes.js'

export { overlayWarnings } from './addresses.js'
export { checkRoutes } from './routes.js'

const CHECKS: readonly Check[] = [
  checkNames,
  checkPlacement,
  checkLinks,
  checkNetworks,
  checkEngine,
  checkProxies,
  checkAddresses,
  checkPublications,
  checkFlows,
  checkVolumes,
  checkStarts,
  checkConnections,
  checkHttp,
]

export function checkMeaning(site: Site): readonly ExperimentError[] {
  return CHECKS.flatMap((check) => check(site))
}
