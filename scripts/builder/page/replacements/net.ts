// What `src/http/address.ts` needs of `node:net`, for the hosts of URLs, which a browser has normalized.

/** @returns 4, 6, or 0 for a name */
export function isIP(host: string): 0 | 4 | 6 {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return 4
  return host.includes(':') ? 6 : 0
}

/** Knows only the loopback addresses, which are all that is added to it. */
export class BlockList {
  addSubnet(): void {}

  addAddress(): void {}

  check(address: string): boolean {
    return address.startsWith('127.') || address === '::1'
  }
}
