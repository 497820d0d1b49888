/**
 * Mechanisms switched off one at a time. Nothing in the model knows of it: each ablation is another scenario or another profile in which
 * the mechanism has nothing to do, so that what is compared is the same code.
 */
import type { Profile, Scenario } from '../../models/index.js'
import { startSteps } from '../../models/workloads/start-steps.js'

export interface Ablation {
  /** What the prediction does without, in words. */
  readonly meaning: string
  scenario(scenario: Scenario): Scenario
  profile(profile: Profile): Profile
}

/** A step without the mutex, which every engine's starts have. */
const MOVED_TO = 'namespace.create.perStartNs'

const same = <T>(value: T): T => value

export const noAblation: Ablation = { meaning: 'the whole model', scenario: same, profile: same }

const inScenario = (meaning: string, scenario: (scenario: Scenario) => Scenario): Ablation => ({ meaning, scenario, profile: same })
const inProfile = (meaning: string, profile: (profile: Profile) => Profile): Ablation => ({ meaning, scenario: same, profile })

const named = {
  nagle: inScenario('TCP_NODELAY on every socket, the relays included', (scenario) => everyEnd(scenario, { noDelay: true })),
  'delayed-ack': inScenario('every segment is acknowledged at once', (scenario) => ({
    ...scenario,
    tcp: { ...scenario.tcp, quickAck: true },
  })),
  'wakeup-preemption': inScenario('a wake-up never preempts (SCHED_BATCH everywhere)', (scenario) =>
    everyEnd(scenario, { policy: 'batch' }),
  ),
  'bridge-netfilter': inScenario("bridged packets don't pass the IP hooks", (scenario) => ({
    ...scenario,
    tcp: { ...scenario.tcp, bridgeNfCallIptables: false },
  })),
  'relay-buffer': inScenario('a relay reads any message in one call', (scenario) => ({
    ...scenario,
    proxies: mapValues(scenario.proxies, (proxy) => ({ ...proxy, bufferBytes: 2 ** 20 })),
  })),
  interruptions: inProfile('nothing interrupts a core', (profile) => ({ ...profile, interruptions: [] })),
  'burst-noise': inProfile('a burst always takes what its cost law says', (profile) => ({ ...profile, burstSigma: 0 })),
  'super-packets': inProfile('a packet of several segments costs as one of one segment', (profile) => free(profile, 'perSuperPacketNs')),
  'rtnl-mutex': inProfile('what starts do under the rtnl mutex they do at the same cost without it', withoutMutex),
  fragments: inProfile('fragments of a datagram cost nothing of their own at the ends', (profile) => free(profile, 'perFragmentNs')),
} as const satisfies Record<string, Ablation>

export type Mechanism = keyof typeof named

export const ablations: Readonly<Record<Mechanism, Ablation>> = named
export const mechanisms = Object.keys(named) as readonly Mechanism[]

export function isMechanism(text: string): text is Mechanism {
  return Object.hasOwn(named, text)
}

function everyEnd(scenario: Scenario, change: { readonly noDelay: true } | { readonly policy: 'batch' }): Scenario {
  return {
    ...scenario,
    containers: mapValues(scenario.containers, (container) => ({ ...container, ...change })),
    proxies: mapValues(scenario.proxies, (proxy) => ({ ...proxy, ...change })),
  }
}

/** A lone start of netns takes what it took; only the waiting for the mutex is gone. */
function withoutMutex(profile: Profile): Profile {
  const charges = startSteps({})
    .flatMap(([, all]) => all)
    .filter(({ isLocked }) => isLocked)
  const isFreed = (name: string): boolean => charges.some(({ law, per }) => name === `${law.stage}.${per}`)
  const valueOf = (wanted: string): number => profile.coefficients.find(({ name }) => name === wanted)?.value ?? 0
  const movedNs = charges.reduce((sum, { law, per, count }) => sum + count * valueOf(`${law.stage}.${per}`), 0)
  return {
    ...profile,
    coefficients: profile.coefficients.map((one) => {
      if (one.name === MOVED_TO) return { ...one, value: one.value + movedNs }
      return isFreed(one.name) ? { ...one, value: 0 } : one
    }),
  }
}

/** Coefficients of one kind at no cost; their covariance stays, for it only widens the interval of what is charged. */
function free(profile: Profile, per: string): Profile {
  return {
    ...profile,
    coefficients: profile.coefficients.map((one) => (one.name.endsWith(`.${per}`) ? { ...one, value: 0 } : one)),
  }
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
