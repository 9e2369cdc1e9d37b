// Which hosts a run contacts, and which of them get credentials, when a server names others.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { json } from '../support/http/exchange.ts'
import type { Fault } from '../support/http/faults.ts'
import { startWebServer, type WebServer } from '../support/http/web-server.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { isOurs } from './harness.ts'
import { ELSEWHERE, type NamedHosts, openNamedHosts } from './named-hosts.ts'

describe('a server that names', () => {
  const resources = new AsyncDisposableStack()
  let named: NamedHosts
  /** A service that only this machine reaches. It returns what a token server returns. */
  let local: WebServer
  beforeAll(async () => {
    named = resources.use(await openNamedHosts())
    local = resources.use(await startWebServer(() => json(200, { token: 'internal-secret' })))
  })
  afterAll(() => resources.disposeAsync())
  beforeEach(() => {
    named.proxy.tunnels.length = 0
    named.ibm.faults.clear()
    named.ibm.journal.length = 0
  })

  const plan = (server: string, path: RegExp, fault: Fault, method = 'GET') =>
    named.ibm.faults.add({
      when: (request) =>
        isOurs(request) && request.server === server && request.method === method && path.test(request.path),
      fault,
      times: Number.POSITIVE_INFINITY,
    })
  const warnings = ({ annotations }: StepResult) =>
    annotations.filter(({ level }) => level === 'warning').map(({ message }) => message)
  const challenge = (realm: string): Fault => ({
    kind: 'status',
    status: 401,
    headers: { 'www-authenticate': `Bearer realm="${realm}",service="registry"` },
  })

  it.each([
    [
      'a realm of this machine',
      (url: string) => plan('registry', /^\/v2\/$/, challenge(`${url}/token`)),
      /^Could not log in to registry registry\.dedicated\.example: registry\.dedicated\.example names as its token server http:\/\/127\.0\.0\.1:\d+, which is an address of this machine/,
    ],
    [
      'a redirect of its token server to this machine',
      (url: string) => plan('realm', /^/, { kind: 'redirect', to: `${url}/token` }),
      /redirects to http:\/\/127\.0\.0\.1:\d+, which is an address of this machine/,
    ],
    [
      'a login server of this machine',
      (url: string) =>
        plan('cf', /^\/v2\/info$/, {
          kind: 'status',
          status: 200,
          body: JSON.stringify({ authorization_endpoint: `${url}/login` }),
        }),
      /^Could not log in at http:.*: api\.dedicated\.example names as its login server http:\/\/127\.0\.0\.1:\d+,/,
    ],
  ])('%s ends the run, and nothing is sent there', async (_, prepare, message) => {
    prepare(local.url)

    const result = await named.run({ inputs: { 'max-age': '0' } })

    expect(result.code).toBe(1)
    expect(result.annotations.map(({ message }) => message)).toEqual([expect.stringMatching(message)])
    expect(result.annotations[0]?.message).toContain('#insecure-endpoint')
    expect(local.journal).toEqual([])
    expect(named.proxy.hosts()).not.toContain(ELSEWHERE)
    expect(JSON.stringify(named.ibm.journal.map(({ headers }) => headers))).not.toContain('internal-secret')
    expect(named.ibm.liveTokens()).toEqual([])
  })

  it('a realm in another domain gets the credential, and one warning names both hosts', async () => {
    plan('registry', /^\/v2\/$/, challenge(`https://${ELSEWHERE}/oauth/token`))

    const result = await named.run({ inputs: { 'max-age': '0' } })

    expect(result.code).toBe(0)
    expect(warnings(result)).toEqual([
      expect.stringMatching(
        /^registry\.dedicated\.example names auth\.elsewhere\.example as its token server, in another domain\..*#server-in-other-domain$/,
      ),
    ])
    expect(named.proxy.hosts()).toContain(ELSEWHERE)
    expect(named.unnamedHosts(result)).toEqual([])
  })

  it('a login server in another domain is reported before the password is sent', async () => {
    const authorization_endpoint = `https://${ELSEWHERE}/login`
    plan('cf', /^\/v2\/info$/, { kind: 'status', status: 200, body: JSON.stringify({ authorization_endpoint }) })

    const result = await named.run({ inputs: { 'max-age': '0' } })

    expect(warnings(result)).toEqual([
      expect.stringMatching(/^api\.dedicated\.example names auth\.elsewhere\.example as its login server,/),
    ])
    expect(named.unnamedHosts(result)).toEqual([])
  })

  it('a redirect to another domain is followed without credentials, with a warning', async () => {
    const to = `https://${ELSEWHERE}/v2/team/app/manifests/1`
    plan('registry', /manifests/, { kind: 'redirect', to }, 'HEAD')

    const result = await named.run({ inputs: { 'max-age': '0' } })

    expect(warnings(result)).toEqual([
      expect.stringMatching(/^registry\.dedicated\.example redirects to auth\.elsewhere\.example, in another domain\./),
    ])
    const redirected = named.ibm.journal.filter(({ headers }) => headers.host === ELSEWHERE)
    expect(redirected.length).toBeGreaterThan(0)
    for (const { headers } of redirected) expect(headers).not.toHaveProperty('authorization')
    expect(named.unnamedHosts(result)).toEqual([])
  })

  it.each([
    ['v3', /^\/v3\/organizations/, { pagination: { next: { href: `https://${ELSEWHERE}/v3/organizations?page=2` } } }],
    ['v2', /^\/v2\/organizations/, { next_url: `https://${ELSEWHERE}/v2/organizations?page=2` }],
  ])('the next page of organizations (%s) at another host gets no request', async (version, path, body) => {
    if (version === 'v2') plan('cf', /^\/v3\/organizations/, { kind: 'status', status: 404 })
    const page = { kind: 'status', status: 200, body: JSON.stringify({ resources: [], ...body }) } as const
    named.ibm.faults.add({ when: (request) => isOurs(request) && path.test(request.path), fault: page })

    const result = await named.run({ inputs: { 'max-age': '0' } })

    expect(named.proxy.hosts()).not.toContain(ELSEWHERE)
    expect(named.unnamedHosts(result)).toEqual([])
    // Two pages of that name, and one of the names that the error offers.
    expect(named.ibm.journal.filter((entry) => path.test(entry.path))).toHaveLength(3)
  })

  it('a redirect of the API server ends the run', async () => {
    const fault = { kind: 'redirect', to: `https://${ELSEWHERE}/api` } as const
    named.kube.faults.add({ when: isOurs, fault, times: Number.POSITIVE_INFINITY })

    const result = await named.run({ inputs: { 'max-age': '0' } })

    expect(result.code).toBe(1)
    expect(named.proxy.hosts()).not.toContain(ELSEWHERE)
    expect(named.unnamedHosts(result)).toEqual([])
  })
})
