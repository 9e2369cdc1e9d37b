import { BlockList, isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { withoutBrackets } from './address.ts'

type Matches = (host: string, port: string) => boolean

/**
 * The rules of `NO_PROXY`: https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config. Like Go it ignores malformed entries.
 * undici's EnvHttpProxyAgent does not know address ranges, and proxies loopback addresses.
 */
export function createExceptions(noProxy: string): (url: URL) => boolean {
  const entries = noProxy
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
  if (entries.includes('*')) return () => true
  const rules = entries.flatMap((entry) => ruleOf(entry) ?? [])
  return ({ protocol, hostname, port }) => {
    const host = withoutBrackets(hostname)
    return rules.some((matches) => matches(host, port || (protocol === 'https:' ? '443' : '80')))
  }
}

function ruleOf(entry: string): Matches | undefined {
  const range = rangeRule(entry)
  if (range !== undefined) return range
  // As https://pkg.go.dev/net#SplitHostPort does: an IPv6 address has brackets where a port follows, and only there.
  const [, bracketed, plain, entryPort = ''] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(entry) ?? []
  const entryHost = bracketed ?? plain ?? entry
  if (entryHost === '') return undefined
  const isPort = (port: string) => entryPort === '' || entryPort === port
  if (isIP(entryHost) !== 0) {
    const address = blockList((list, family) => list.addAddress(entryHost, family), entryHost)
    return (host, port) => isPort(port) && address(host)
  }
  return domainRule(entryHost, isPort)
}

/** `10.0.0.0/8`, `2001:db8::/32` */
function rangeRule(entry: string): Matches | undefined {
  const [, network, bits] = /^([^/]+)\/(\d{1,3})$/.exec(entry) ?? []
  if (network === undefined) return undefined
  const family = isIP(network)
  if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) return undefined
  return blockList((list, family) => list.addSubnet(network, Number(bits), family), network)
}

/** `foo.com` matches its subdomains as well, `.foo.com` and `*.foo.com` match only those. */
function domainRule(entry: string, isPort: (port: string) => boolean): Matches {
  const name = entry.replace(/^\*(?=\.)/, '')
  const isSuffix = name.startsWith('.')
  const domain = domainToASCII(isSuffix ? name.slice(1) : name) || name.replace(/^\./, '')
  return (host, port) => isPort(port) && (host.endsWith(`.${domain}`) || (!isSuffix && host === domain))
}

type Family = 'ipv4' | 'ipv6'

function blockList(add: (list: BlockList, family: Family) => void, address: string): (host: string) => boolean {
  const list = new BlockList()
  add(list, familyOf(address))
  return (host) => isIP(host) !== 0 && list.check(host, familyOf(host))
}

function familyOf(address: string): Family {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
