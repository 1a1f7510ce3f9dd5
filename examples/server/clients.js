// @ts-check
// Who a request comes from.
import { BlockList, isIPv6 } from 'node:net'

/**
 * The client that an address is counted for: an IPv4 address is one; of IPv6, whoever has one address has all of its first half.
 *
 * @param {string} [address]
 */
export function clientOf(address = '') {
  if (!isIPv6(address)) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped !== null) return mapped[1]
  const [left, right = []] = address
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}

/**
 * Whether an address is that of a proxy whose X-Forwarded-For is believed.
 *
 * @param {readonly string[]} proxies addresses or ranges, such as 10.0.0.0/8
 * @returns {(address: string) => boolean}
 */
export function proxyCheck(proxies) {
  const list = new BlockList()
  for (const proxy of proxies) {
    const [address, ...bits] = proxy.split('/')
    if (bits.length === 0) list.addAddress(address, familyOf(address))
    else list.addSubnet(address, Number(bits[0]), familyOf(address))
  }
  return (address) => list.check(address, familyOf(address))
}

/** @param {string} address */
function familyOf(address) {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
