/** What the kernel calls the devices of a layout: the layout's own names where they fit (they stand in namespaces of the run alone). */
import type { Device, Layout } from '../../models/topology/layout.js'
import { hashText } from '../../sim/hash.js'

/** IFNAMSIZ - 1 (include/uapi/linux/if.h). */
const LONGEST = 15

/** A device's name in its namespace, at most 15 characters. */
export function deviceName(layoutName: string): string {
  return layoutName.length <= LONGEST ? layoutName : `${layoutName.slice(0, 10)}.${hashText(layoutName).slice(0, 4)}`
}

/** Locally administered, and the same at every build of a layout: 02:fa, then the device's place in the layout. */
export function hardwareAddress(layout: Layout, device: Device): string {
  const index = layout.devices.indexOf(device)
  const bytes = [2, 0xfa, 0, 0, index >> 8, index & 0xff]
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')
}
