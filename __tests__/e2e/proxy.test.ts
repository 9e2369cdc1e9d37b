// The proxies of a self-hosted runner.
import { describe, expect, it } from 'vitest'
import { type ConnectProxy, startConnectProxy, startSocksProxy } from '../support/http/connect-proxy.ts'
import { runStep } from '../support/runner/runner.ts'
import { describeScenarios } from './harness.ts'
import { CLUSTER, DOMAIN, openNamedHosts } from './named-hosts.ts'

const PASSWORD = 'p@ss/word'
const ENCODED = encodeURIComponent(PASSWORD)
const BASIC = btoa(`jo:${PASSWORD}`)

const startLoginProxy: typeof startConnectProxy = (routes) => startSocksProxy(routes, `jo:${PASSWORD}`)

describe.concurrent('a proxy', () => {
  it.each([
    ['without a scheme', 'HTTPS_PROXY', '', startConnectProxy],
    ['that speaks SOCKS', 'https_proxy', 'socks5://', startLoginProxy],
  ] as const)('%s is used for every connection of a run and of its post step', async (_, name, scheme, start) => {
    await using named = await openNamedHosts(start)
    const env = { [name]: `${scheme}jo:${ENCODED}@${named.proxy.address}`, HTTP_PROXY: 'http://127.0.0.1:1' }

    const result = await named.run({ env: { ...env, RUNNER_DEBUG: '1' } })

    expect(result).toMatchObject({ code: 0, annotations: [], stderr: '' })
    const hosts = [`api.${DOMAIN}`, CLUSTER, `login.${DOMAIN}`, `registry.${DOMAIN}`]
    expect(named.proxy.hosts()).toEqual(hosts)
    expect(named.unnamedHosts(result)).toEqual([])
    const logins = new Set(named.proxy.tunnels.map(({ headers }) => headers['proxy-authorization']))
    expect([...logins]).toEqual([`Basic ${BASIC}`])
    expect(result.masks).toEqual(expect.arrayContaining([PASSWORD, ENCODED, BASIC]))
    const shown = [result.log, result.summary, JSON.stringify(result.state)].join('\n')
    for (const secret of [PASSWORD, ENCODED, BASIC]) expect(shown).not.toContain(secret)

    named.proxy.tunnels.length = 0
    const state = { phase: 'minting', description: 'never minted' }
    const post = await named.run({ env, state, entry: 'post' })
    expect(post).toMatchObject({ code: 0, annotations: [] })
    expect(named.proxy.hosts()).toEqual(hosts.filter((host) => host !== CLUSTER))
  })

  it('is not used for the hosts of NO_PROXY', async () => {
    await using proxy = await startConnectProxy()
    // No name has a label of 64 characters, so it is not even looked up.
    const server = `${'a'.repeat(64)}.example`

    const result = await runStep({
      inputs: { provider: 'static', 'docker-server': server, 'docker-username': 'jo', 'docker-password': 'password-1' },
      env: { HTTPS_PROXY: proxy.address, NO_PROXY: '10.0.0.0/8, example:443' },
    })

    expect(result.annotations).toMatchObject([
      { message: expect.stringMatching(/did not respond: .*(ENOTFOUND|EAI_)/) },
    ])
    expect(proxy.tunnels).toEqual([])
  })

  it.each([
    ['HTTPS_PROXY', `http://jo:${PASSWORD}#%@proxy:3128`],
    ['https_proxy', 'ftp://proxy.example'],
    ['HTTP_PROXY', 'http://proxy.example:99999'],
  ])('whose variable is malformed is reported with all input errors: %s', async (name, value) => {
    const { code, annotations, stderr, log } = await runStep({
      inputs: { provider: 'static', 'docker-server': 'r.example', 'docker-password': 'x1', 'max-age': 'never' },
      env: { [name]: value },
    })

    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const messages = annotations.map(({ message }) => message)
    expect(messages).toHaveLength(3)
    expect(messages).toContainEqual(
      expect.stringMatching(`^Environment variable \`${name}\` is not the URL of a proxy[. ].*Allowed: host:port,`),
    )
    expect(log).not.toContain(PASSWORD)
    expect(log).not.toContain(value)
  })
})

describeScenarios('a proxy and the addresses of this machine', (openScenario) => {
  it('see nothing of each other', async () => {
    await using scenario = await openScenario()
    await using proxy: ConnectProxy = await startConnectProxy()
    const url = `http://${proxy.address}`
    const env = { HTTP_PROXY: url, http_proxy: url, HTTPS_PROXY: url, https_proxy: url, ALL_PROXY: url }

    const first = await scenario.run({}, env)
    const second = await scenario.run({ ...scenario.ibmcloud, 'max-age': '0', adopt: 'true' }, env)

    expect([first, second].map(({ code }) => code)).toEqual([0, 0])
    expect(proxy.tunnels).toEqual([])
  })
})
