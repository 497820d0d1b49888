import { bpfRedirect } from './bpf.js'
import { bridgeForward, bridgeInput, bridgeOutput, netfilterHook } from './bridge.js'
import { socketCreate, tcpAccept, tcpClose, tcpConnect } from './connection.js'
import { conntrackLookup, natTranslate } from './conntrack.js'
import { controlGroupSchedule } from './control-group.js'
import { haproxyHttp, httpClient, httpServer, nginxHttp } from './http.js'
import { instrumentClient, instrumentServer, instrumentServerOwn } from './instrument.js'
import { ipForward } from './ip.js'
import type { CostLaw, Per } from './law.js'
import { linkTransmit } from './link.js'
import { loopbackTransmit } from './loopback.js'
import { macvlanTransmit } from './macvlan.js'
import { iptablesChain, nftablesChain } from './netfilter.js'
import {
  danteRelay,
  danteServe,
  haproxyRelay,
  haproxyServe,
  microsocksServe,
  nginxRelay,
  nginxServe,
  proxyRelay,
  socatRelay,
  socatServe,
} from './proxy.js'
import { cacheRefill, contextSwitch, idleExit, interruptDeliver } from './scheduler.js'
import { seccompFilter } from './seccomp.js'
import { socketReceive, socketSend, socketWakeup } from './socket.js'
import {
  addressAssign,
  carrierWatch,
  containerRun,
  containerWait,
  deviceRegister,
  firstExchange,
  firstWait,
  graceWait,
  namespaceCreate,
  pluginCall,
  timerExpire,
} from './start.js'
import { streamCold, streamSelect, streamSend } from './stream.js'
import { tcpAcknowledge, tcpReceive, tcpTransmit } from './tcp.js'
import { udpReceive, udpTransmit } from './udp.js'
import { unixReceive, unixTransmit } from './unix.js'
import { vethTransmit } from './veth.js'
import { vxlanDecapsulate, vxlanEncapsulate } from './vxlan.js'

export type { CostLaw, Per } from './law.js'

/** Every stage that has a cost law, in the order in which a message meets them: reports keep it. */
export const stages: readonly CostLaw[] = [
  instrumentClient,
  seccompFilter,
  socketSend,
  tcpTransmit,
  udpTransmit,
  unixTransmit,
  loopbackTransmit,
  vethTransmit,
  macvlanTransmit,
  bpfRedirect,
  bridgeForward,
  bridgeInput,
  bridgeOutput,
  netfilterHook,
  conntrackLookup,
  natTranslate,
  ipForward,
  nftablesChain,
  iptablesChain,
  vxlanEncapsulate,
  linkTransmit,
  vxlanDecapsulate,
  tcpReceive,
  udpReceive,
  unixReceive,
  tcpAcknowledge,
  socketWakeup,
  interruptDeliver,
  idleExit,
  cacheRefill,
  contextSwitch,
  controlGroupSchedule,
  proxyRelay,
  danteRelay,
  haproxyRelay,
  nginxRelay,
  socatRelay,
  socketReceive,
  instrumentServer,
  instrumentServerOwn,
  timerExpire,
  namespaceCreate,
  deviceRegister,
  addressAssign,
  carrierWatch,
  pluginCall,
  graceWait,
  containerRun,
  containerWait,
  firstWait,
  firstExchange,
  socketCreate,
  tcpConnect,
  tcpAccept,
  tcpClose,
  microsocksServe,
  danteServe,
  haproxyServe,
  nginxServe,
  socatServe,
  streamSelect,
  streamSend,
  streamCold,
  httpClient,
  httpServer,
  haproxyHttp,
  nginxHttp,
]

/** Full names of all coefficients, `stage.per`, in the stages' order. */
export const coefficientNames: readonly string[] = stages.flatMap((law) => law.per.map((per) => `${law.stage}.${per}`))

/** Those that a profile may lack, as long as no path charges them. */
export const optionalCoefficients: ReadonlySet<string> = new Set(
  stages.filter((law) => law.optional === true).flatMap((law) => law.per.map((per) => `${law.stage}.${per}`)),
)

const indexOf = new Map(coefficientNames.map((name, index) => [name, index]))

/** The place of a coefficient in every array that holds one number per coefficient. @throws RangeError for an unknown name. */
export function coefficientIndex(law: CostLaw, per: Per): number {
  const index = indexOf.get(`${law.stage}.${per}`)
  if (index === undefined) throw new RangeError(`${law.stage} has no coefficient ${per}`)
  return index
}
