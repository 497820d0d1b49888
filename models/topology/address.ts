/** IPv4 prefixes as numbers. */

export interface Subnet {
  readonly base: number
  readonly prefix: number
}

/** Reads `10.70.0.0/24`. @throws RangeError where the text is no IPv4 prefix. */
export function parseSubnet(text: string): Subnet {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)
  const octets = match?.slice(1, 5).map(Number) ?? []
  const prefix = Number(match?.[5])
  if (match === null || prefix > 32 || octets.some((octet) => octet > 255)) throw new RangeError(`not an IPv4 prefix: ${text}`)
  const size = 2 ** (32 - prefix)
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0)
  return { base: Math.floor(address / size) * size, prefix }
}

/** The address at `index` in a subnet. @throws RangeError where the subnet is too small (its last address is the broadcast). */
export function hostAddress(subnet: Subnet, index: number): string {
  if (index >= 2 ** (32 - subnet.prefix) - 1) throw new RangeError(`a /${subnet.prefix} has no address number ${index}`)
  const address = subnet.base + index
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

/** Whether an address lies in the subnet of an interface address such as `10.70.0.2/24`. */
export function inSubnet(address: string, interfaceAddress: string): boolean {
  const subnet = parseSubnet(interfaceAddress)
  return parseSubnet(`${address}/${subnet.prefix}`).base === subnet.base
}
