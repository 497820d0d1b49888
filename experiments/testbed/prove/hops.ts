/** The device events that a packet must cause on its way, one after the other, as the stages of a path say it. */
import type { Device, Layout } from '../../../models/topology/layout.js'
import { deviceName } from '../kernel-names.js'
import type { PathStep } from './steps.js'

export interface Hop {
  readonly kind: 'transmit' | 'receive'
  /** The kernel's name. */
  readonly device: string
  readonly namespace: string
  /** The step that it belongs to. */
  readonly step: PathStep
}

/** Hops of one leg's steps, in order. */
export function hopsOf(layout: Layout, steps: readonly PathStep[]): Hop[] {
  return steps.flatMap((step) => {
    const { name, namespace, device } = step.stage
    if (device === null) return []
    const hop = (kind: Hop['kind'], at: Place): Hop => ({
      kind,
      device: deviceName(at.name),
      namespace: at.namespace,
      step,
    })
    const here = { namespace, name: device }
    switch (name) {
      case 'loopback.transmit':
        return [hop('transmit', here), hop('receive', here)]
      case 'veth.transmit':
        return [hop('transmit', here), hop('receive', peerOf(layout, namespace, device))]
      case 'macvlan.transmit':
        // A sibling's packet comes in on the lower device, "for its network taps" (macvlan_queue_xmit()); from there to the sibling nothing is traced.
        return [hop('transmit', here), hop('receive', lowerOf(layout, namespace, device))]
      case 'vxlan.encapsulate':
        return [hop('transmit', innerSideOf(layout, namespace, device))]
      case 'vxlan.decapsulate':
        return [hop('receive', innerSideOf(layout, namespace, device))]
      case 'bridge.output':
        return [hop('transmit', here)]
      case 'bridge.input':
        return [hop('receive', here)]
      default:
        return []
    }
  })
}

interface Place {
  readonly namespace: string
  readonly name: string
}

function peerOf(layout: Layout, namespace: string, name: string): Place {
  const end = layout.devices.find((device: Device) => device.kind === 'veth' && device.namespace === namespace && device.name === name)
  if (end?.kind !== 'veth') throw new Error(`${name} in ${namespace} is no end of a veth pair`)
  return { namespace: end.peerNamespace, name: end.peer }
}

function lowerOf(layout: Layout, namespace: string, name: string): Place {
  const own = layout.devices.find((device) => device.kind === 'macvlan' && device.namespace === namespace && device.name === name)
  if (own?.kind !== 'macvlan') throw new Error(`${name} in ${namespace} is no macvlan device`)
  return { namespace: own.lowerNamespace, name: own.lower }
}

/** A tunnel's stages run in the namespace of its underlay; the device may be in a container's. */
function innerSideOf(layout: Layout, underlay: string, name: string): Place {
  const own = layout.devices.find((device) => device.kind === 'vxlan' && device.underlayNamespace === underlay && device.name === name)
  if (own === undefined) throw new Error(`${name} is no VXLAN device over ${underlay}`)
  return own
}

/** `eth0>veth.client.net veth.server.net>eth0`: what is transmitted on, and after `>` where it is received. */
export function inWords(hops: readonly { readonly kind: string; readonly device: string }[]): string {
  return hops
    .map(({ kind, device }) => (kind === 'transmit' ? ` ${device}` : `>${device}`))
    .join('')
    .trim()
}
