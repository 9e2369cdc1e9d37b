// The login challenges and refusals of well-known registries, with their own headers and bodies.
import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../src/http/client.ts'
import type { UnverifiedKind } from '../../../src/registry/verification.ts'
import { verify } from '../../../src/registry/verify.ts'
import { describeReal } from '../../support/describe-real.ts'
import { basicLogin, bearerToken, type FakeResponse, type Handler, json } from '../../support/http/exchange.ts'
import { startWebServer } from '../../support/http/web-server.ts'
import { passwordLogin, startDockerRegistry } from '../../support/registry/docker-registry.ts'
import { pushImage } from '../../support/registry/image.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)
const team = { repository: 'team/app', reference: '1' }

interface Registry {
  readonly username: string
  /** Its `WWW-Authenticate` header, for its origin. */
  readonly challenge: (url: string) => string
  /** Its response to a wrong password. */
  readonly refusal: FakeResponse
  readonly kind: UnverifiedKind
}

const error = (status: number, code: string, message: string) => json(status, { errors: [{ code, message }] })

const registries: Readonly<Record<string, Registry>> = {
  'Amazon ECR': {
    username: 'AWS',
    challenge: (url) => `Basic realm="${url}/",service="ecr.amazonaws.com"`,
    refusal: error(403, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.'),
    kind: 'refused',
  },
  'Azure Container Registry': {
    username: '00000000-0000-0000-0000-000000000000',
    challenge: (url) => `Bearer realm="${url}/oauth2/token",service="acme.azurecr.io"`,
    refusal: error(401, 'UNAUTHORIZED', 'authentication required, visit https://aka.ms/acr/authorization'),
    kind: 'refused',
  },
  'GitHub Packages': {
    username: 'jo',
    challenge: (url) => `Bearer realm="${url}/token",service="ghcr.io",scope="repository:user/image:pull"`,
    refusal: error(403, 'DENIED', 'denied'),
    kind: 'forbidden',
  },
  'Artifact Registry': {
    username: 'oauth2accesstoken',
    challenge: (url) => `Bearer realm="${url}/v2/token",service="europe-docker.pkg.dev"`,
    refusal: error(401, 'UNAUTHORIZED', 'failed authentication'),
    kind: 'refused',
  },
  Harbor: {
    username: 'robot$team+puller',
    challenge: (url) => `Bearer realm="${url}/service/token",service="harbor-registry"`,
    refusal: error(401, 'UNAUTHORIZED', 'unauthorized: authentication required'),
    kind: 'refused',
  },
  'Docker Hub': {
    username: 'jo',
    challenge: (url) => `Bearer realm="${url}/token",service="registry.docker.io"`,
    refusal: json(401, { details: 'incorrect username or password' }),
    kind: 'refused',
  },
}

describe.each(Object.entries(registries))('%s', (_, { username, challenge, refusal, kind }) => {
  const PASSWORD = 'right password'

  /** Requires a login for every path, and issues bearer tokens where the challenge is Bearer. */
  const serve: Handler = (request) => {
    const header = challenge(`http://${request.headers.host}`)
    const login = basicLogin(request)
    const isRight = login?.username === username && login.password === PASSWORD
    const isBasic = header.startsWith('Basic')
    const realm = new URL(/realm="([^"]*)"/.exec(header)?.[1] ?? '').pathname
    if (!isBasic && request.path === realm) {
      if (login !== undefined) return isRight ? json(200, { access_token: 'a.b.c' }) : refusal
      return json(200, { token: 'anonymous' })
    }
    if (isBasic ? isRight : bearerToken(request) === 'a.b.c') return json(200, {})
    return isBasic && login !== undefined ? refusal : json(401, {}, { 'www-authenticate': header })
  }

  it('accepts the right password, with and without an image', async () => {
    await using server = await startWebServer(serve)
    const login = { username, password: PASSWORD }
    expect(await verify(send, { server: server.url, login, image: undefined })).toMatchObject({ kind: 'accepted' })
    expect(await verify(send, { server: server.url, login, image: team })).toMatchObject({ kind: 'can-pull' })
  })

  it.each([undefined, team])('rejects a wrong password, with image %o', async (image) => {
    await using server = await startWebServer(serve)
    const login = { username, password: 'wrong password' }
    expect(await verify(send, { server: server.url, login, image })).toMatchObject({
      status: 'failed',
      kind,
      error: {
        code: kind === 'refused' ? 'registry-login-failed' : 'registry-access-denied',
        message: expect.stringMatching(/^Could not log in to registry /),
        details: { host: new URL(server.url).host, status: refusal.status },
      },
    })
  })
})

describeReal(['docker-registry'], 'docker-registry with a password', () => {
  it('accepts only the right one', async () => {
    await using registry = await startDockerRegistry('htpasswd')
    await pushImage(registry.url, { repository: 'team/app', tag: '1', ...passwordLogin })
    const wrong = { ...passwordLogin, password: 'wrong horse' }
    expect(await verify(send, { server: registry.url, login: passwordLogin, image: undefined })).toMatchObject({
      kind: 'accepted',
    })
    expect(await verify(send, { server: registry.url, login: passwordLogin, image: team })).toMatchObject({
      kind: 'can-pull',
    })
    const other = { ...team, reference: 'other' }
    expect(await verify(send, { server: registry.url, login: passwordLogin, image: other })).toMatchObject({
      kind: 'image-missing',
    })
    for (const image of [undefined, team]) {
      expect(await verify(send, { server: registry.url, login: wrong, image })).toMatchObject({
        kind: 'refused',
        error: { message: expect.stringContaining('returned 401 UNAUTHORIZED: authentication required') },
      })
    }
  })
})
