// What a run verifies, and with which login of a docker config: as nodes choose one.
import { expect, it } from 'vitest'
import { ActionErrors } from '../../../src/core/errors.ts'
import { loadInputs } from '../../../src/inputs/inputs.ts'
import { Report } from '../../../src/report/report.ts'
import { createContext } from '../../../src/run/context.ts'
import { run } from '../../../src/run/main.ts'
import { basicLogin, bearerToken, type Handler, json } from '../../support/http/exchange.ts'
import { startWebServer } from '../../support/http/web-server.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

/** A registry of which each login may pull from the repositories that begin with its user name, such as GitLab's deploy tokens. */
const groups: Handler = (request) => {
  const self = `http://${request.headers.host}`
  const challenge = { 'www-authenticate': `Bearer realm="${self}/token",service="groups"` }
  const denied = json(403, { errors: [{ code: 'DENIED', message: 'access forbidden' }] })
  if (request.path === '/token') {
    const { username, password } = basicLogin(request) ?? {}
    if (username === undefined) return json(200, { token: 'anonymous' })
    const scope = request.query.get('scope')
    const isAllowed = scope === null || scope.startsWith(`repository:${username}/`)
    return isAllowed && password === passwordOf(username) ? json(200, { token: `token-${username}` }) : denied
  }
  const user = /^token-(.*)$/.exec(bearerToken(request) ?? '')?.[1]
  const isPullable = request.path === '/v2/' || request.path.startsWith(`/v2/${user}/`)
  return user !== undefined && isPullable ? json(200, {}) : json(401, {}, challenge)
}

const passwordOf = (user: string) => `password-of-${user}`

interface Step {
  /** Paths of the keys of the docker config, and the users of their logins. */
  readonly logins: Readonly<Record<string, string>>
  readonly image: string
  /** Users whose password is wrong. */
  readonly revoked?: readonly string[]
}

/** A run that verifies, without a secret. @returns the repositories that each user requested a token for */
async function verifyAt(host: string, { logins, image, revoked = [] }: Step) {
  const auths = Object.entries(logins).map(([path, user]) => {
    const password = revoked.includes(user) ? 'revoked-password' : passwordOf(user)
    return [host + path, { auth: btoa(`${user}:${password}`) }] as const
  })
  const inputs = await loadInputs({
    INPUT_PROVIDER: 'docker-config',
    'INPUT_DOCKER-CONFIG': JSON.stringify({ auths: Object.fromEntries(auths) }),
    'INPUT_VERIFY-IMAGE': image,
  })
  const { signal } = new AbortController()
  return await run(await createContext(inputs, new Report(), { signal }))
}

it.each<[image: string, logins: Step['logins'], asked: string]>([
  ['alpha/app:1', { '/alpha': 'alpha', '/beta': 'beta' }, 'alpha'],
  ['HOST/beta/app:1', { '/alpha': 'alpha', '/beta': 'beta' }, 'beta'],
  // The kubelet tries the longest entry first.
  ['alpha/app:1', { '': 'other', '/alpha': 'alpha' }, 'alpha'],
  ['alpha/app:1', { '': 'alpha', '/beta': 'beta' }, 'alpha'],
])('verifies %s with one of the logins %j', async (image, logins, asked) => {
  await using server = await startWebServer(groups)
  const { host } = new URL(server.url)
  using captured = captureLog()

  expect(await verifyAt(host, { logins, image: image.replace('HOST', host) })).toEqual([])

  const scopes = server.journal.filter((request) => request.query.has('scope') && basicLogin(request) !== undefined)
  expect(new Set(scopes.map((request) => basicLogin(request)?.username))).toEqual(new Set([asked]))
  const [path = ''] = Object.entries(logins).find(([, user]) => user === asked) ?? []
  const credential = path === '' ? 'this credential' : `the credential for ${host}${path}`
  expect(captured.log.text).toContain(`Verified: registry ${host} lets ${credential} pull ${asked}/app:1 and refuses`)
  expect(captured.log.text.match(/Verified: /g)).toHaveLength(2)
})

it.each<[revoked: string, image: string]>([
  ['alpha', 'alpha/app:1'],
  ['beta', 'alpha/app:1'],
])('names the entry of the login that a registry refuses: %s', async (revoked, image) => {
  await using server = await startWebServer(groups)
  const { host } = new URL(server.url)
  using _ = captureLog()
  const logins = { '/alpha': 'alpha', '/beta': 'beta' }
  const error: unknown = await verifyAt(host, { logins, image, revoked: [revoked] }).catch((thrown: unknown) => thrown)
  if (!(error instanceof ActionErrors)) throw new Error('Expected ActionErrors.', { cause: error })
  expect(error.errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      new RegExp(`^Could not log in to registry ${host}.* \\(credential for ${host}/${revoked}\\)$`),
    ),
  ])
})

it.each<[password: string, image: string, verdict: string]>([
  ['wrong-password', '', 'Used the provided credential'],
  [passwordOf('jo'), 'team/app:1', 'Verified the provided credential'],
])('where a registry lets anonymous clients in, %s with the image "%s": %s', async (password, image, verdict) => {
  // Such as Nexus, where anonymous access is on: it requires a login only for private images.
  await using server = await startWebServer((request) => {
    const isLoggedIn = basicLogin(request)?.password === passwordOf('jo')
    const isOpen = request.path === '/v2/' && basicLogin(request) === undefined
    return isLoggedIn || isOpen ? json(200, {}) : json(401, {}, { 'www-authenticate': 'Basic realm="Nexus"' })
  })
  using captured = captureLog()
  const inputs = await loadInputs({
    INPUT_PROVIDER: 'static',
    'INPUT_DOCKER-SERVER': new URL(server.url).host,
    'INPUT_DOCKER-USERNAME': 'jo',
    'INPUT_DOCKER-PASSWORD': password,
    'INPUT_VERIFY-IMAGE': image,
  })
  const report = new Report()
  report.started(inputs)
  const { signal } = new AbortController()
  expect(await run(await createContext(inputs, report, { signal }))).toEqual([])
  report.notice()
  expect(captured.log.notices.map(({ message }) => message)).toEqual([expect.stringContaining(verdict)])
  expect(report.summary([])).toContain(verdict)
})
