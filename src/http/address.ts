import { BlockList, isIP } from 'node:net'
import { once } from '../core/once.ts'

const loopback = once(() => {
  const addresses = new BlockList()
  addresses.addSubnet('127.0.0.0', 8)
  addresses.addAddress('::1', 'ipv6')
  return addresses
})

/** A connection to these addresses arrives at this machine as well: https://www.rfc-editor.org/rfc/rfc1122#section-3.2.1.3 */
const UNSPECIFIED = ['0.0.0.0', '::']

/** Credentials travel encrypted, or stay on this machine. */
export function isSafe(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

/**
 * Whether a host is certainly this machine: https://www.rfc-editor.org/rfc/rfc6890#section-2.2.2 and
 * https://www.rfc-editor.org/rfc/rfc6761#section-6.3
 */
export function isLoopback(hostname: string): boolean {
  const host = withoutBrackets(hostname)
  const family = isIP(host)
  return family === 0 ? host === 'localhost' : loopback().check(host, family === 4 ? 'ipv4' : 'ipv6')
}

/** Whether a host may be this machine, by an address or a name that some resolvers know. */
export function mayBeThisMachine(hostname: string): boolean {
  const host = withoutBrackets(hostname)
  return isLoopback(host) || UNSPECIFIED.includes(host) || /(^|\.)localhost\.?$/.test(host)
}

/** Labels below a country's domain that are not a name: `co.uk`, `com.au`, `ac.jp`, `gov.br`. */
const SECOND_LEVEL = /^(ac|co|com|edu|go|gob|gouv|gov|govt|id|ltd|mil|ne|net|nom|or|org|plc|sch)\.[a-z]{2}$/

/**
 * Whether one owner has both hosts, as far as their names show it: they end in the same registered domain. By a rule, and not
 * by the public suffix list: see docs/decisions/0012-domains-by-a-rule.md.
 */
export function isSameDomain(one: string, other: string): boolean {
  return registeredDomain(one) === registeredDomain(other) || (isLoopback(one) && isLoopback(other))
}

function registeredDomain(hostname: string): string {
  const host = withoutBrackets(hostname).replace(/\.$/, '')
  if (isIP(host) !== 0) return host
  const labels = host.split('.')
  const lastTwo = labels.slice(-2).join('.')
  return SECOND_LEVEL.test(lastTwo) ? labels.slice(-3).join('.') : lastTwo
}

export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

/** A URL or a path without its final slashes. A regular expression would try each slash of a long row of them. */
export function withoutFinalSlashes(url: string): string {
  let end = url.length
  while (url[end - 1] === '/') end--
  return url.slice(0, end)
}
