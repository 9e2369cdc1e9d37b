// Fake IBM services: a Bluemix Dedicated environment, since none can be had any more, with the IAM that came after it.
import { randomBytes } from 'node:crypto'
import { type Certificate, createAuthority } from '../http/certificate.ts'
import { Faults } from '../http/faults.ts'
import { type HttpServerOptions, type JournalEntry, startHttpServer } from '../http/http-server.ts'
import { createRegistryClient } from '../registry/client.ts'
import { type Image, type ImageContent, MANIFEST_TYPE, pushImage } from '../registry/image.ts'
import { ISSUER, SERVICE } from '../registry/realm.ts'
import { realmUrl, registryRoutes } from '../registry/registry.ts'
import { knownSecrets } from '../secrecy/known-secrets.ts'
import { cloudFoundryRoutes } from './cloud-foundry.ts'
import { iamRoutes, type ServiceIdRecord, testServiceId } from './iam.ts'
import { type KeyRecord, KeyStore, type NewKey } from './key-store.ts'
import { otherOrganization, testOrganization, testUser } from './organizations.ts'
import { type Switches, usualSwitches } from './switches.ts'
import { type TokenRecord, type TokenRequest, TokenStore } from './token-store.ts'
import { createUaa, UAA_PATH, uaaRoutes } from './uaa.ts'

/** What a registry must know to trust the realm. */
export interface RealmTrust {
  readonly realm: string
  readonly service: string
  readonly issuer: string
  /** PEM of the authority behind the realm's signature. */
  readonly certificate: string
}

/** A registry that trusts what the realm of an environment signs. */
export interface RealRegistry {
  readonly url: string
  readonly signer: Certificate
}

export interface FakeIbmOptions {
  /** https everywhere, by `certificateAuthority`. */
  readonly tls?: boolean
  /** Of the names of the hosts, which only a proxy resolves; with `tls`. */
  readonly domain?: string
  /** More names in the certificate. */
  readonly aliases?: readonly string[]
  readonly switches?: Partial<Switches>
  /** Of its images; not given: nothing that could run. */
  readonly content?: () => ImageContent
  /** Starts the registry behind the environment's host; not given: one in this process. */
  readonly startRegistry?: (trust: RealmTrust) => Promise<{ readonly url: string } & AsyncDisposable>
  /** The registry of another environment, with its images, instead. */
  readonly realRegistry?: RealRegistry
}

export interface FakeIbm extends AsyncDisposable {
  /** The Cloud Foundry API. */
  readonly api: string
  /** The authorization endpoint: its path is part of it. */
  readonly uaa: string
  /** IBM Cloud IAM. */
  readonly iam: string
  /** Registry, token API and token realm. */
  readonly registry: string
  /** `host:port` */
  readonly registryHost: string
  /** The registry behind its host; undefined: it is in this process. */
  readonly realRegistry: RealRegistry | undefined
  /** PEM; undefined without TLS. */
  readonly certificateAuthority: string | undefined
  /** Where the servers listen, by the name of their host. */
  readonly addresses: Readonly<Record<string, string>>
  /** Each way to log in. The passcode works once. */
  readonly login: {
    readonly username: string
    readonly password: string
    readonly apiKey: string
    readonly passcode: string
    readonly uaaToken: string
  }
  readonly organization: { readonly name: string; readonly guid: string }
  /** Its API keys can also pull the organization's images; `login.apiKey` manages them. */
  readonly serviceId: ServiceIdRecord
  /** All service IDs; a test may add some. */
  readonly serviceIds: ServiceIdRecord[]
  /** In the organization's namespace, pushed. */
  readonly image: Image
  /** It can be pulled anonymously. */
  readonly publicImage: Image
  /** In a namespace of another organization. */
  readonly otherImage: Image
  readonly journal: JournalEntry[]
  readonly faults: Faults
  readonly switches: Switches
  /** Mints a foreign token, not through the API; by default permanent and read-only. */
  mintToken(request?: Partial<TokenRequest>): TokenRecord
  revokeToken(id: string): void
  /** Every registry token ever minted here. */
  tokens(): readonly TokenRecord[]
  /** Neither revoked nor ended. */
  liveTokens(): readonly TokenRecord[]
  /** Mints a foreign API key, not through the API. */
  mintKey(key?: Partial<NewKey>): KeyRecord
  revokeKey(id: string): void
  lockKey(id: string): void
  unlockKey(id: string): void
  /** Every API key of service IDs ever minted here. */
  keys(): readonly KeyRecord[]
  /** Those that are not deleted. */
  liveKeys(): readonly KeyRecord[]
  /** @returns the status of a pull of the manifest: the realm's when it refuses the login, else the registry's */
  pullsWith(username: string, password: string, image?: Image): Promise<number>
}

export async function startFakeIbm(options: FakeIbmOptions = {}): Promise<FakeIbm> {
  await using cleanup = new AsyncDisposableStack()
  const switches: Switches = { ...usualSwitches }
  const journal: JournalEntry[] = []
  const faults = new Faults()
  const tokens = new TokenStore()
  const keys = new KeyStore()
  const authority = await createAuthority('fake authority')
  const signer = options.realRegistry?.signer ?? (await authority.issue({ commonName: ISSUER, algorithm: 'rsa' }))
  let upstream = options.realRegistry?.url
  const nameOf = (label: string) => options.domain && `${label}.${options.domain}`
  const named = options.domain === undefined ? [] : [`*.${options.domain}`]
  const hosts = ['127.0.0.1', 'localhost', ...named, ...(options.aliases ?? [])]
  const certificate = options.tls ? await authority.issue({ commonName: 'localhost', hosts }) : undefined
  const certificateAuthority = options.tls ? authority.certificate : undefined
  const server = (label: string): HttpServerOptions => ({ journal, faults, certificate, name: nameOf(label) })

  const user = { username: testUser, password: randomSecret(), apiKey: randomSecret() }
  const uaa = createUaa(user, switches)
  const uaaServer = cleanup.use(await startHttpServer(() => uaaRoutes(uaa), server('login')))
  const authorizationEndpoint = uaaServer.url + UAA_PATH
  const cf = cleanup.use(
    await startHttpServer(
      (url) => cloudFoundryRoutes({ url, login: authorizationEndpoint, uaa, switches }),
      server('api'),
    ),
  )

  const manager = user.apiKey
  const serviceIds: ServiceIdRecord[] = [testServiceId]
  const iamSecret = randomBytes(32)
  const iamOptions = { manager, secret: iamSecret, keys, switches, serviceIds }
  const iam = cleanup.use(await startHttpServer((url) => iamRoutes({ url, ...iamOptions }), server('iam')))

  const registry = cleanup.use(
    await startHttpServer(async (url) => {
      const trust = { realm: realmUrl(url), service: SERVICE, issuer: ISSUER, certificate: authority.certificate }
      if (options.startRegistry) upstream = cleanup.use(await options.startRegistry(trust)).url
      const publicRepositories = [publicImage.repository]
      const stores = { uaa, tokens, keys, switches, iamSecret }
      return registryRoutes({ url, upstream, ...stores, signer, publicRepositories, images })
    }, server('registry')),
  )

  const mintToken: FakeIbm['mintToken'] = (request) => {
    const usual = { organization: testOrganization.guid, description: undefined, permanent: true, write: false }
    return tokens.mint({ ...usual, ...request }, new URL(registry.url).host, switches.registryTokenLifetime)
  }
  if (options.startRegistry !== undefined) {
    for (const { organization, ...pushed } of images) {
      const { value: password } = mintToken({ organization: organization.guid, write: true })
      const content = options.content?.()
      await pushImage(registry.url, { ...pushed, username: 'token', password }, { certificateAuthority, content })
    }
  }
  // The requests of the setup are not part of the scenario.
  tokens.forget()
  journal.length = 0
  Object.assign(switches, options.switches)

  const running = cleanup.move()
  const login = { ...user, passcode: uaa.createPasscode(), uaaToken: uaa.createAccessToken() }
  const { username: _, ...secrets } = login
  for (const [name, secret] of Object.entries(secrets)) knownSecrets.add(secret, `${name} of the fake IBM user`)
  return {
    api: cf.url,
    uaa: authorizationEndpoint,
    iam: iam.url,
    registry: registry.url,
    registryHost: new URL(registry.url).host,
    realRegistry: upstream === undefined ? undefined : { url: upstream, signer },
    certificateAuthority,
    addresses: Object.fromEntries(
      [uaaServer, cf, iam, registry].map(({ url, address }) => [new URL(url).hostname, address]),
    ),
    login,
    organization: testOrganization,
    serviceId: testServiceId,
    serviceIds,
    image,
    publicImage,
    otherImage,
    journal,
    faults,
    switches,
    mintToken,
    revokeToken: (id) => tokens.revoke([id]),
    tokens: () => tokens.all(),
    liveTokens: () => tokens.live(),
    mintKey(key) {
      const { iamId, account } = testServiceId
      return keys.mint({ name: 'foreign', description: '', iamId, account, ...key })
    },
    revokeKey: (id) => keys.revoke(id),
    lockKey: (id) => keys.lock(id, true),
    unlockKey: (id) => keys.lock(id, false),
    keys: () => keys.all(),
    liveKeys: () => keys.live(),
    async pullsWith(username, password, { repository, tag } = image) {
      await using client = createRegistryClient(registry.url, { username, password }, { certificateAuthority })
      const path = `/v2/${repository}/manifests/${tag}`
      return (await client.send({ path, headers: { accept: MANIFEST_TYPE } })).status
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

const image: Image = { repository: 'team/app', tag: '1' }
const publicImage: Image = { repository: 'public/app', tag: '1' }
const otherImage: Image = { repository: 'other/app', tag: '1' }

/** What is in the registry at first, and the organization that pushed it. */
const images = [
  { ...image, organization: testOrganization },
  { ...publicImage, organization: otherOrganization },
  { ...otherImage, organization: otherOrganization },
]

function randomSecret(): string {
  return randomBytes(24).toString('base64url')
}
