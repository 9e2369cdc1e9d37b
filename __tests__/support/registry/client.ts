// A registry's client, as containerd and docker are: it learns from the challenge where to get a bearer token.
import { Agent, type Dispatcher, request } from 'undici'

export interface RegistryLogin {
  readonly username: string
  readonly password: string
}

export interface RegistryRequest {
  readonly method?: Dispatcher.HttpMethod
  /** A path, or a location that the registry returned. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
}

export interface RegistryAnswer {
  /** The server that responded: the token realm only when it returned no token. */
  readonly by: 'registry' | 'realm'
  readonly url: string
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface RegistryClient extends AsyncDisposable {
  send(request: RegistryRequest): Promise<RegistryAnswer>
}

/** @param login undefined: anonymous */
export function createRegistryClient(
  origin: string,
  login: RegistryLogin | undefined,
  options: { readonly certificateAuthority?: string | undefined; readonly userAgent?: string } = {},
): RegistryClient {
  const dispatcher = new Agent({ connect: { ca: options.certificateAuthority } })
  const agent = { 'user-agent': options.userAgent ?? 'test registry client' }

  async function ask(url: URL, { method = 'GET', headers, body }: Omit<RegistryRequest, 'path'>) {
    const answer = await request(url, { dispatcher, method, headers: { ...agent, ...headers }, body: body ?? null })
    return { url: url.href, status: answer.statusCode, headers: answer.headers, body: await answer.body.text() }
  }

  return {
    async send(request) {
      const url = new URL(request.path, origin)
      const first = await ask(url, request)
      if (first.status !== 401) return { by: 'registry', ...first }

      const challenge = String(first.headers['www-authenticate'])
      const basic = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`
      const authorized = async (authorization: string | undefined) => {
        const headers = authorization === undefined ? request.headers : { ...request.headers, authorization }
        return { by: 'registry' as const, ...(await ask(url, { ...request, ...(headers && { headers }) })) }
      }
      if (/^basic /i.test(challenge)) return await authorized(basic)
      const parameter = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1]
      const realm = new URL(parameter('realm') ?? '', origin)
      for (const name of ['service', 'scope']) {
        const value = parameter(name)
        if (value !== undefined) realm.searchParams.set(name, value)
      }
      const answer = await ask(realm, { headers: basic === undefined ? {} : { authorization: basic } })
      if (answer.status !== 200) return { by: 'realm', ...answer }

      const { token } = JSON.parse(answer.body) as { token: string }
      return await authorized(`Bearer ${token}`)
    },
    async [Symbol.asyncDispose]() {
      await dispatcher.close()
    },
  }
}
