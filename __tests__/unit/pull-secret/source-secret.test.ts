import { describe, expect, it } from 'vitest'
import { lacksHosts, readSourceSecret } from '../../../src/pull-secret/source-secret.ts'
import { explain } from '../../../src/report/error-text.ts'
import { redact } from '../../../src/runner/mask.ts'
import { connectTo } from '../../support/connect-to.ts'
import { errorOf } from '../../support/error-of.ts'
import { secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'

const TYPE = 'kubernetes.io/dockerconfigjson'
const HUB = 'https://index.docker.io/v1/'
const auth = (password: string) => ({ auth: btoa(`jo:${password}`) })
const login = (server: string, password: string) => ({ kind: 'login', server, username: 'jo', password })

describeServers((server) => {
  let namespaces = 0

  /** Reads a secret `all-icr-io` that has this config; undefined: it is absent. */
  async function readFrom(config: string | undefined, servers: readonly string[] = [], type = TYPE) {
    const namespace = `source-${++namespaces}`
    await server().createNamespace(namespace)
    if (config !== undefined) {
      const key = type === 'kubernetes.io/dockercfg' ? '.dockercfg' : '.dockerconfigjson'
      const data = { [key]: Buffer.from(config).toString('base64') }
      const { status } = await server().request('POST', secretsOf(namespace), {
        metadata: { name: 'all-icr-io' },
        type,
        data,
      })
      expect(status).toBe(201)
    }
    return await readSourceSecret(connectTo(server()), { namespace, name: 'all-icr-io' }, servers)
  }

  const read = (auths: object, servers?: readonly string[]) => readFrom(JSON.stringify({ auths }), servers)

  async function errorText(reading: Promise<unknown>): Promise<string> {
    const error = await errorOf(reading)
    expect(error).toMatchObject({
      code: 'source-secret-unusable',
      details: { cluster: 'test', namespace: `source-${namespaces}`, resource: 'secrets/all-icr-io' },
    })
    return explain(error).join('\n').replaceAll(`source-${namespaces}`, 'source')
  }

  describe('a source secret', () => {
    it('has a login for each host, which is masked', async () => {
      const auths = {
        'us.icr.io': { username: 'jo', password: 'source-of-us' },
        'https://de.icr.io': auth('source-of-de'),
      }
      expect(await read(auths)).toEqual([
        login('us.icr.io', 'source-of-us'),
        login('https://de.icr.io', 'source-of-de'),
      ])
      for (const password of ['source-of-us', 'source-of-de']) expect(redact(password)).toBe('***')
    })

    it('has the requested hosts, in whatever form, and the passwords of the others are masked as well', async () => {
      const auths = { 'http://us.icr.io/v2/': auth('source-requested'), 'de.icr.io': auth('source-not-requested') }
      expect(await read(auths, ['us.icr.io'])).toEqual([login('us.icr.io', 'source-requested')])
      expect(redact('source-not-requested')).toBe('***')
    })

    it('has the keys that the kubelet finds, each host once', async () => {
      const auths = {
        [HUB]: auth('source-of-hub'),
        'registry-1.docker.io': auth('source-of-another'),
        'http://ghcr.io/v2': auth('source-of-ghcr'),
        [`${HUB}access-token`]: auth('source-of-docker'),
      }
      expect(await read(auths)).toEqual([login(HUB, 'source-of-hub'), login('ghcr.io', 'source-of-ghcr')])
    })

    it('may have Docker Hub by a key that the kubelet does not use', async () => {
      expect(await read({ 'registry-1.docker.io': auth('source-of-hub-2') })).toEqual([login(HUB, 'source-of-hub-2')])
    })

    it('may have hostile keys, which are of no host', async () => {
      const auths = `{"__proto__":${JSON.stringify(auth('source-of-proto'))},"":${JSON.stringify(auth('source-of-none'))},
        "constructor":{},"::error::x":${JSON.stringify(auth('source-of-x'))},"[:::::]":${JSON.stringify(auth('source-y'))},
        "ghcr.io:99999":${JSON.stringify(auth('source-z'))},"us.icr.io":${JSON.stringify(auth('source-of-us-2'))}}`
      expect(await readFrom(`{"auths":${auths}}`)).toEqual([login('us.icr.io', 'source-of-us-2')])
    })

    it.each(['', 'constructor', '__proto__'])('with the key %j has no credential for another host', async (key) => {
      const config = `{"auths":{${JSON.stringify(key)}:${JSON.stringify(auth('source-of-key'))}}}`
      expect(await errorText(readFrom(config, ['us.icr.io']))).toContain('has no credential for us.icr.io')
    })
  })

  describe('a source secret is an error that', () => {
    it('is absent', async () => {
      expect(await errorText(readFrom(undefined))).toBe(
        'Secret source/all-icr-io in cluster test does not exist. Check `docker-config-secret` and `contexts`.',
      )
    })

    it.each([
      ['{}', 'kubernetes.io/dockercfg'],
      ['{"auths":{}}', 'Opaque'],
      ['{"auths":{}}', 'example.com/::error::x'],
    ])('%s has the type %s', async (config, type) => {
      const shown = type.replace('::e', ': :e').replace('::x', ': :x')
      expect(await errorText(readFrom(config, [], type))).toBe(
        `Secret source/all-icr-io in cluster test has the type ${shown}. Name one of type kubernetes.io/dockerconfigjson.`,
      )
    })

    it('lacks requested hosts, with the keys that it has', async () => {
      const auths = { 'us.icr.io': auth('source-of-us-3'), 'https://jo:hunter2@\n::error::x': {} }
      expect(await errorText(read(auths, ['de.icr.io', 'us.icr.io', 'uk.icr.io']))).toBe(
        'Secret source/all-icr-io in cluster test has no credential for de.icr.io, uk.icr.io. Check `docker-server`. The Secret has "us.icr.io", "***@\\n: :error: :x".',
      )
    })

    it('has many keys, of which a few are shown', async () => {
      const auths = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`${'r'.repeat(300)}${at}.io`, {}]))
      const text = await errorText(read(auths, ['us.icr.io']))
      expect(text).toContain('190 more')
      expect(text.length).toBeLessThan(2000)
    })

    it.each<[string, string]>([
      ['no entry', '{"auths":{}}'],
      ['an empty entry', '{"auths":{"us.icr.io":{}}}'],
      ['entries of other types', '{"auths":{"us.icr.io":"x","de.icr.io":null}}'],
      ['a list of entries', '{"auths":["us.icr.io"]}'],
    ])('has %s', async (_, config) => {
      expect(await errorText(readFrom(config))).toContain('has no credential for any registry. Check `docker-server`')
    })

    it('has only an identity token for a host', async () => {
      const auths = { 'us.icr.io': auth('source-of-us-4'), 'acme.azurecr.io': { identitytoken: 'source-identity' } }
      const text = await errorText(read(auths))
      expect(text).toContain(
        'has only an identity token for acme.azurecr.io, which nodes cannot use. Log in with a user',
      )
      expect(redact('source-identity')).toBe('***')
      expect(await read(auths, ['us.icr.io'])).toHaveLength(1)
    })

    it('has more than 100 hosts, unless some are requested', async () => {
      const auths = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`r${at}.io`, auth(`source-many-${at}`)]))
      expect(await errorText(read(auths))).toContain('has 101 registry hosts. Set `docker-server`')
      expect(await read(auths, ['r7.io'])).toEqual([login('r7.io', 'source-many-7')])
    })
  })

  it('is read by its only request, which may be refused', async () => {
    const namespace = `source-${++namespaces}`
    await server().createNamespace(namespace)
    const cluster = connectTo(server(), { token: await server().createToken(`source-${namespaces}`) })
    const error = await errorOf(readSourceSecret(cluster, { namespace, name: 'all-icr-io' }, []))
    expect(error).toMatchObject({ code: 'cluster-access-denied', details: { status: 403 } })
    expect(explain(error).join()).toContain(
      `Could not read the secret ${namespace}/all-icr-io, which \`docker-config-secret\` names, in the cluster test`,
    )
    expect(error.hint).toBe(
      `Grant the user of this kubeconfig the verb get on this one Secret: a Role in namespace ${namespace} with \`resources: [secrets]\`, \`resourceNames: [all-icr-io]\`, \`verbs: [get]\`.`,
    )
  })

  it('of one cluster lacks hosts of another one', () => {
    const error = lacksHosts(connectTo(server()), { namespace: 'default', name: 'all-icr-io' }, ['a.io', 'b.io'])
    expect(explain(error).join()).toBe(
      'Secret default/all-icr-io in cluster test has no credential for a.io, b.io, as that of another cluster has. Set `docker-server` to the hosts that this Secret has in every cluster.',
    )
  })
})
