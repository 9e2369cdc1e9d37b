// The Cloud Foundry API: where to log in, and which organizations a user is in.

import { type FakeResponse, json, type RecordedRequest } from '../http/exchange.ts'
import type { Route } from '../http/http-server.ts'
import { refuse } from './cloud-foundry-error.ts'
import { listV2, listV3 } from './organization-list.ts'
import { testOrganizations } from './organizations.ts'
import type { Switches } from './switches.ts'
import type { Uaa } from './uaa.ts'

interface CloudFoundryOptions {
  readonly url: string
  /** The authorization endpoint, path included. */
  readonly login: string
  readonly uaa: Uaa
  readonly switches: Switches
}

export function cloudFoundryRoutes({ url, login, uaa, switches }: CloudFoundryOptions): readonly Route[] {
  /** The organizations of the user behind a request, or the refusal. */
  function visible(request: RecordedRequest, version: 'v2' | 'v3'): typeof testOrganizations | FakeResponse {
    const session = uaa.authenticate(request)
    if ('username' in session) return testOrganizations.filter(({ members }) => members.includes(session.username))
    return session.refused === 'missing'
      ? refuse(version, 401, 10002, 'CF-NotAuthenticated', 'Authentication error')
      : refuse(version, 401, 1000, 'CF-InvalidAuthToken', 'Invalid Auth Token')
  }

  const info = (): FakeResponse =>
    switches.v2 === 'absent' ? unknown('v2') : json(200, describe(login, switches.v2 === 'on'))

  const v2 = (request: RecordedRequest): FakeResponse => {
    if (switches.v2 !== 'on') return unknown('v2')
    const organizations = visible(request, 'v2')
    return 'status' in organizations ? organizations : listV2(organizations, request, switches.pageSize)
  }

  const v3 = (request: RecordedRequest): FakeResponse => {
    if (!switches.v3) return unknown('v3')
    const organizations = visible(request, 'v3')
    return 'status' in organizations ? organizations : listV3(organizations, request, url, switches.pageSize)
  }

  return [
    { server: 'cf', path: /^\/v2\/info$/, handle: info },
    { server: 'cf', path: /^\/$/, handle: () => json(200, { links: links(url, login, switches) }) },
    { server: 'cf', path: /^\/v2\/organizations$/, handle: v2 },
    { server: 'cf', path: /^\/v3\/organizations$/, handle: v3 },
    { server: 'cf', path: /^\/v3\//, handle: () => unknown('v3') },
    { server: 'cf', path: /^/, handle: () => unknown('v2') },
  ]
}

function unknown(version: 'v2' | 'v3'): FakeResponse {
  return refuse(version, 404, 10000, 'CF-NotFound', 'Unknown request')
}

/** `/v2/info`. With v2 turned off it still names the endpoints. */
function describe(login: string, isV2On: boolean): object {
  return {
    name: 'Bluemix',
    build: '270058',
    support: isV2On ? 'http://ibm.biz/bluemix-supportinfo' : 'CF API v2 is disabled',
    version: 0,
    description: 'IBM Bluemix',
    authorization_endpoint: login,
    token_endpoint: login,
    min_cli_version: '6.22.2',
    min_recommended_cli_version: null,
    app_ssh_endpoint: 'ssh.example.invalid:2222',
    app_ssh_host_key_fingerprint: null,
    app_ssh_oauth_client: 'ssh-proxy',
    doppler_logging_endpoint: 'wss://doppler.example.invalid:443',
    api_version: isV2On ? '2.106.0' : '',
    osbapi_version: '2.13',
  }
}

function links(url: string, login: string, { v2, v3 }: Switches): object {
  return {
    self: { href: url },
    ...(v2 === 'on' && { cloud_controller_v2: { href: `${url}/v2`, meta: { version: '2.106.0' } } }),
    cloud_controller_v3: v3 ? { href: `${url}/v3`, meta: { version: '3.41.0' } } : null,
    network_policy_v0: null,
    network_policy_v1: null,
    login: { href: login },
    uaa: { href: login },
    credhub: null,
    routing: null,
    logging: null,
    log_stream: null,
    app_ssh: null,
  }
}
