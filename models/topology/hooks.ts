/**
 * What a namespace does with a packet beside carrying it, in the order of netfilter's hooks: tracking, translation, forwarding, rules.
 * It remembers the translations of one connection, so that answers are translated back as the connection's entry has them.
 */
import { conntrackLookup, natTranslate } from '../stages/conntrack.js'
import { ipForward } from '../stages/ip.js'
import { iptablesChain, nftablesChain } from '../stages/netfilter.js'
import { inSubnet } from './address.js'
import type { Crossing } from './crossing.js'
import { bareAddress, type Device, type ForwardRule, type Layout } from './devices.js'

interface Tuple {
  source: string
  destination: string
}

/** A translated connection of a namespace: what came in first, and what its answers look like. */
interface Entry {
  readonly original: Readonly<Tuple>
  readonly reply: Tuple
}

export class Hooks {
  private readonly layout: Layout
  private readonly entries = new Map<string, Entry>()
  /** The entry that the packet under way belongs to, and its direction. */
  private current: { readonly entry: Entry; readonly isReply: boolean } | null = null

  constructor(layout: Layout) {
    this.layout = layout
  }

  /** Tracking is on where it is asked for, and where anything is translated. */
  isTracking(namespace: string): boolean {
    const { policies, translations, masquerades } = this.layout
    return (
      policies[namespace]?.conntrack === true ||
      translations.some((translation) => translation.namespace === namespace) ||
      masquerades.some((masquerade) => masquerade.namespace === namespace)
    )
  }

  /** PREROUTING, or OUTPUT for the namespace's own packets: tracking, and the translation of the destination. */
  incoming(namespace: string, device: string, packet: Tuple): Crossing[] {
    this.current = null
    if (!this.isTracking(namespace)) return []
    const crossings: Crossing[] = [{ law: conntrackLookup, namespace, device }]
    const entry = this.entries.get(namespace)
    if (entry !== undefined && same(entry.reply, packet)) {
      this.current = { entry, isReply: true }
      if (entry.original.source !== packet.destination) {
        packet.destination = entry.original.source
        crossings.push({ law: natTranslate, namespace, device })
      }
      return crossings
    }
    const made: Entry = { original: { ...packet }, reply: { source: packet.destination, destination: packet.source } }
    this.entries.set(namespace, made)
    this.current = { entry: made, isReply: false }
    const translation = this.layout.translations.find((one) => one.namespace === namespace && one.address === packet.destination)
    if (translation !== undefined) {
      packet.destination = translation.backends[0]!
      made.reply.source = packet.destination
      crossings.push({ law: natTranslate, namespace, device })
    }
    return crossings
  }

  /** FORWARD: the route, and the chain of rules. */
  forwarded(namespace: string, device: string, packet: Readonly<Tuple>): Crossing[] {
    return [{ law: ipForward, namespace, device }, ...this.rules(namespace, device, packet)]
  }

  /** The chain of rules that forwarded packets pass; bridged ones too, where they pass the IP hooks. */
  private rules(namespace: string, device: string, { source, destination }: Readonly<Tuple>): Crossing[] {
    const written = this.layout.forwardRules?.[namespace]
    if (written !== undefined) {
      const own = written.findIndex(
        ({ from, to }) => (from !== undefined && inSubnet(source, from)) || (to !== undefined && inSubnet(destination, to)),
      )
      const asked = written.slice(0, own < 0 ? written.length : own + 1)
      // An extension is called where the rule's addresses fit.
      const isCalled = ({ from, to }: ForwardRule, at: number): boolean => at === own || (from === undefined && to === undefined)
      const matches = asked.filter(isCalled).reduce((sum, rule) => sum + (rule.matches ?? 0), 0)
      return [{ law: iptablesChain, namespace, device, rules: own < 0 ? written.length : own, matches }]
    }
    const policy = this.layout.policies[namespace]
    if (policy?.rules === undefined) return []
    return [{ law: policy.firewall === 'iptables' ? iptablesChain : nftablesChain, namespace, device, rules: policy.rules }]
  }

  /** What a bridged packet meets in the IP hooks; both of its ends are on the bridge's network. */
  bridged(namespace: string, device: string, destination: string): Crossing[] {
    const tracked: Crossing[] = this.isTracking(namespace) ? [{ law: conntrackLookup, namespace, device }] : []
    return [...tracked, ...this.rules(namespace, device, { source: destination, destination })]
  }

  /** POSTROUTING: the translation of the source. */
  outgoing(namespace: string, packet: Tuple, device: Device, isOwn: boolean): Crossing[] {
    const { current } = this
    this.current = null
    if (current === null) return []
    const { entry, isReply } = current
    const translate: Crossing[] = [{ law: natTranslate, namespace, device: device.name }]
    if (isReply) {
      if (entry.original.destination === packet.source) return []
      packet.source = entry.original.destination
      return translate
    }
    const isTranslated = entry.reply.source !== entry.original.destination
    const own = bareAddress(device)
    if (isOwn || own === undefined || !this.isMasqueraded(namespace, packet, device.name, isTranslated)) return []
    packet.source = own
    entry.reply.destination = own
    return translate
  }

  private isMasqueraded(namespace: string, { source, destination }: Readonly<Tuple>, device: string, isTranslated: boolean): boolean {
    return this.layout.masquerades.some((one) => {
      if (one.namespace !== namespace || !inSubnet(source, one.prefix)) return false
      const staysWithin = one.exceptTo === undefined ? one.bridge === device : inSubnet(destination, one.exceptTo)
      return !staysWithin || isTranslated
    })
  }
}

function same(a: Readonly<Tuple>, b: Readonly<Tuple>): boolean {
  return a.source === b.source && a.destination === b.destination
}
