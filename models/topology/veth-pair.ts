import type { Device, VethEnd } from './devices.js'

/** One side of a pair, as far as it differs from the other. */
export type VethSide = Pick<VethEnd, 'namespace' | 'name'> & Partial<Pick<VethEnd, 'master' | 'address' | 'redirects'>>

export function pushVeth(devices: Device[], a: VethSide, b: VethSide, mtuBytes: number): void {
  devices.push({ kind: 'veth', ...a, peer: b.name, peerNamespace: b.namespace, mtuBytes })
  devices.push({ kind: 'veth', ...b, peer: a.name, peerNamespace: a.namespace, mtuBytes })
}
