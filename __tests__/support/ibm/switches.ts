/** How a fake IBM environment behaves. A test may turn a switch while the servers run. */
export interface Switches {
  /** Cloud Foundry API v2: served, turned off as newer Cloud Controllers have it, or not there at all. */
  v2: 'on' | 'off' | 'absent'
  v3: boolean
  /** Organizations, or API keys, on a page, whatever the client asks for; undefined: what it asks for. */
  pageSize: number | undefined
  /** Seconds until a UAA access token expires. */
  accessTokenLifetime: number
  /** Wrong passwords until the account is locked. */
  lockAfter: number
  /** No registry token is minted any more: 410. */
  discontinued: boolean
  /** Seconds until a registry token that is not permanent expires. */
  registryTokenLifetime: number
  /** How often the realm, or IAM, refuses a new token or API key before it knows it. */
  acceptAfter: number
  /** In how many lists of IAM a new API key is not there yet. */
  listAfter: number
  /** API keys that a service ID may have. */
  keyLimit: number
}

export const usualSwitches: Readonly<Switches> = {
  v2: 'on',
  v3: true,
  pageSize: undefined,
  accessTokenLifetime: 1200,
  lockAfter: 5,
  discontinued: false,
  registryTokenLifetime: 24 * 60 * 60,
  acceptAfter: 0,
  listAfter: 0,
  keyLimit: 1000,
}
