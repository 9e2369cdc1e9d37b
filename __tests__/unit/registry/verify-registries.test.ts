// How the registries of others ask for a login, and refuse one: each as its own words and headers have it.
import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../src/http/client.ts'
import { verify } from '../../../src/registry/verify.ts'
import { describeReal } from '../../support/describe-real.ts'
import { type Answer, basicLogin, bearerToken, type Handler, json } from '../../support/http/exchange.ts'
import { startWebServer } from '../../support/http/web-server.ts'
import { passwordLogin, startDockerRegistry } from '../../support/registry/docker-registry.ts'
import { pushImage } from '../../support/registry/image.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)
const team = { repository: 'team/app', reference: '1' }

interface Registry {
  readonly username: string
  /** The header of its challenge, given its own origin. */
  readonly challenge: (url: string) => string
  /** What becomes of a wrong password. */
  readonly wrong: Answer
  readonly verdict: string
}

const error = (status: number, code: string, message: string) => json(status, { errors: [{ code, message }] })

const registries: Readonly<Record<string, Registry>> = {
  'Amazon ECR': {
    username: 'AWS',
    challenge: (url) => `Basic realm="${url}/",service="ecr.amazonaws.com"`,
    wrong: error(403, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.'),
    verdict: 'refused',
  },
  'Azure Container Registry': {
    username: '00000000-0000-0000-0000-000000000000',
    challenge: (url) => `Bearer realm="${url}/oauth2/token",service="acme.azurecr.io"`,
    wrong: error(401, 'UNAUTHORIZED', 'authentication required, visit https://aka.ms/acr/authorization'),
    verdict: 'refused',
  },
  'GitHub Packages': {
    username: 'jo',
    challenge: (url) => `Bearer realm="${url}/token",service="ghcr.io",scope="repository:user/image:pull"`,
    wrong: error(403, 'DENIED', 'denied'),
    verdict: 'forbidden',
  },
  'Artifact Registry': {
    username: 'oauth2accesstoken',
    challenge: (url) => `Bearer realm="${url}/v2/token",service="europe-docker.pkg.dev"`,
    wrong: error(401, 'UNAUTHORIZED', 'failed authentication'),
    verdict: 'refused',
  },
  Harbor: {
    username: 'robot$team+puller',
    challenge: (url) => `Bearer realm="${url}/service/token",service="harbor-registry"`,
    wrong: error(401, 'UNAUTHORIZED', 'unauthorized: authentication required'),
    verdict: 'refused',
  },
  'Docker Hub': {
    username: 'jo',
    challenge: (url) => `Bearer realm="${url}/token",service="registry.docker.io"`,
    wrong: json(401, { details: 'incorrect username or password' }),
    verdict: 'refused',
  },
}

describe.each(Object.entries(registries))('%s', (_, { username, challenge, wrong, verdict }) => {
  const PASSWORD = 'right password'

  /** Asks for a login at every path of the registry; hands out a token where it works by tokens. */
  const serve: Handler = (request) => {
    const header = challenge(`http://${request.headers.host}`)
    const login = basicLogin(request)
    const isRight = login?.username === username && login.password === PASSWORD
    const isBasic = header.startsWith('Basic')
    const realm = new URL(/realm="([^"]*)"/.exec(header)?.[1] ?? '').pathname
    if (!isBasic && request.path === realm) {
      if (login !== undefined) return isRight ? json(200, { access_token: 'a.b.c' }) : wrong
      return json(200, { token: 'anonymous' })
    }
    if (isBasic ? isRight : bearerToken(request) === 'a.b.c') return json(200, {})
    return isBasic && login !== undefined ? wrong : json(401, {}, { 'www-authenticate': header })
  }

  it('takes a right password, for a login and for an image', async () => {
    await using server = await startWebServer(serve)
    const login = { username, password: PASSWORD }
    expect(await verify(send, server.url, login, undefined)).toMatchObject({ kind: 'accepted' })
    expect(await verify(send, server.url, login, team)).toMatchObject({ kind: 'pulls' })
  })

  it.each([undefined, team])('refuses a wrong password, for the image %o', async (image) => {
    await using server = await startWebServer(serve)
    const result = await verify(send, server.url, { username, password: 'wrong password' }, image)
    expect(result).toMatchObject({ kind: verdict, sentence: expect.not.stringContaining('accepts the login') })
  })
})

describeReal(['docker-registry'], 'a docker-registry that asks for a password', () => {
  it('takes the right one alone', async () => {
    await using registry = await startDockerRegistry('htpasswd')
    await pushImage(registry.url, { repository: 'team/app', tag: '1', ...passwordLogin })
    const wrong = { ...passwordLogin, password: 'wrong horse' }
    expect(await verify(send, registry.url, passwordLogin, undefined)).toMatchObject({ kind: 'accepted' })
    expect(await verify(send, registry.url, passwordLogin, team)).toMatchObject({ kind: 'pulls' })
    const other = { ...team, reference: 'other' }
    expect(await verify(send, registry.url, passwordLogin, other)).toMatchObject({ kind: 'missing' })
    for (const image of [undefined, team]) {
      expect(await verify(send, registry.url, wrong, image)).toMatchObject({
        kind: 'refused',
        sentence: expect.stringContaining('(401 UNAUTHORIZED: authentication required)'),
      })
    }
  })
})
