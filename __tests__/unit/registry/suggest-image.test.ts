// The images that are suggested in place of one that a registry does not have.
import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../src/http/client.ts'
import { suggestImageAt } from '../../../src/registry/suggest-image.ts'
import { verify } from '../../../src/registry/verify.ts'
import { describeReal } from '../../support/describe-real.ts'
import { type FakeResponse, json } from '../../support/http/exchange.ts'
import { startWebServer } from '../../support/http/web-server.ts'
import { type FakeIbmOptions, startFakeIbm } from '../../support/ibm/environment.ts'
import { passwordLogin, startDockerRegistry } from '../../support/registry/docker-registry.ts'
import { pushImage } from '../../support/registry/image.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)

function suite(options: FakeIbmOptions): void {
  it.each([
    ['team/app', '2', 'Existing tags of team/app: "1".'],
    ['team/app', '1.0', 'Existing tags of team/app: "1".'],
    ['team/app', `sha256:${'0'.repeat(64)}`, 'Existing tags of team/app: "1".'],
    // Its realm gives no one the catalog.
    ['team/ap', '1', undefined],
    ['other/app', '2', undefined],
  ])('for %s:%s: %s', async (repository, reference, expected) => {
    await using environment = await startFakeIbm(options)
    const login = { username: 'token', password: environment.mintToken().value }
    const { registryHost: server } = environment
    const image = { repository, reference }
    expect(await suggestImageAt(send, { server, login, image })).toBe(expected)
    const verification = await verify(send, { server, login, image })
    if (expected !== undefined) expect(verification).toMatchObject({ kind: 'image-missing' })
    const hint = verification.status === 'failed' ? verification.error.hint : verification.hint
    if (expected === undefined) expect(hint).not.toMatch(/Existing|near/)
    else expect(hint?.endsWith(`another region. ${expected}`)).toBe(true)
  })

  it('for a repository that it may not pull from, by the list of the issuer', async () => {
    await using environment = await startFakeIbm(options)
    const login = { username: 'token', password: environment.mintToken().value }
    const attempt = { server: environment.registryHost, login, image: { repository: 'taem/app', reference: '1' } }
    const listed: string[] = []
    const listRepositories = async (origin: string) => {
      listed.push(origin)
      return ['team/app', 'team/other', '../x', 'TEAM', 'a'.repeat(300), `${'a/'.repeat(200)}a`]
    }
    expect(await verify(send, { ...attempt, listRepositories })).toMatchObject({
      kind: 'forbidden',
      error: {
        code: 'registry-access-denied',
        hint: expect.stringMatching(/may pull\. Repositories near "taem\/app": "team\/app"\.$/),
        details: { status: 403 },
      },
    })
    expect(listed).toEqual([environment.registry])
    // It exists, and was denied.
    const own = await verify(send, { ...attempt, listRepositories: async () => ['taem/app', 'team/app'] })
    expect(own).toMatchObject({ error: { hint: expect.stringMatching(/may pull\.$/) } })
    const failing = await verify(send, { ...attempt, listRepositories: () => Promise.reject(new Error('no')) })
    expect(failing).toEqual(await verify(send, attempt))
  })
}

describe('in a fake registry', () => suite({}))
describeReal(['docker-registry'], 'in docker-registry', () => suite({ startRegistry: startDockerRegistry }))

describeReal(['docker-registry'], 'in docker-registry with a password, which has a catalog', () => {
  it('suggests tags and repositories', async () => {
    await using registry = await startDockerRegistry('htpasswd')
    for (const tag of ['1.0.0', '1.1.0', 'latest']) {
      await pushImage(registry.url, { repository: 'team/app', tag, ...passwordLogin })
    }
    const server = new URL(registry.url).host
    const suggest = (repository: string, reference: string) =>
      suggestImageAt(send, { server, login: passwordLogin, image: { repository, reference } })
    expect(await suggest('team/app', '1.1')).toBe('Tags of team/app near "1.1": "1.1.0".')
    expect(await suggest('team/app', 'stable')).toBe('Existing tags of team/app: "1.0.0", "1.1.0", "latest".')
    expect(await suggest('team/ap', '1')).toBe('Repositories near "team/ap": "team/app".')
    expect(await suggest('x', '1')).toBe('Existing repositories: "team/app".')
  })
})

/** A registry that requires the login, and responds so to requests for lists. */
async function startListing(lists: Readonly<Record<string, FakeResponse>>) {
  return await startWebServer(({ path, headers }) => {
    if (headers.authorization === undefined) return json(401, {}, { 'www-authenticate': 'Basic realm="r"' })
    return lists[path] ?? (path === '/v2/' ? json(200, {}) : json(404, { errors: [{ code: 'MANIFEST_UNKNOWN' }] }))
  })
}

const login = { username: 'jo', password: 'a-password-of-jo' }
const image = { repository: 'team/app', reference: '1.5' }
const TAGS = '/v2/team/app/tags/list'
const CATALOG = '/v2/_catalog'

describe('in a registry whose lists are', () => {
  it.each<[string, Readonly<Record<string, FakeResponse>>, string | undefined]>([
    [
      'hostile tags',
      {
        [TAGS]: json(200, {
          tags: ['1.5\n::error::planted', '../..', '', 7, null, 'x'.repeat(129), login.password, '1.5'],
        }),
      },
      'Existing tags of team/app: "***".',
    ],
    [
      'no tags',
      { [TAGS]: json(200, { tags: null }), [CATALOG]: json(200, { repositories: ['team/apps'] }) },
      'Repositories near "team/app": "team/apps".',
    ],
    [
      'hostile repositories',
      { [CATALOG]: json(200, { repositories: ['##[error]', '/v2', `${'a'.repeat(256)}`, {}] }) },
      undefined,
    ],
    ['the repository itself', { [CATALOG]: json(200, { repositories: ['team/app'] }) }, undefined],
    ['no lists', { [TAGS]: json(200, { tags: 'x' }), [CATALOG]: json(200, []) }, undefined],
    ['denied', { [TAGS]: json(403, {}) }, undefined],
    ['refused', { [TAGS]: json(401, {}) }, undefined],
    ['failing', { [TAGS]: json(500, {}) }, undefined],
    [
      'redirected',
      { [TAGS]: { status: 307, headers: { location: CATALOG } }, [CATALOG]: json(200, { tags: ['1'] }) },
      undefined,
    ],
    ['not JSON', { [TAGS]: { status: 200, body: `<html>${login.password}` } }, undefined],
  ])('%s', async (_, lists, expected) => {
    await using server = await startListing(lists)
    const suggestion = await suggestImageAt(send, { server: server.url, login, image })
    expect(suggestion).toBe(expected)
    const asked = server.journal.filter(({ path }) => path === TAGS || path === CATALOG)
    expect(asked.length).toBeLessThanOrEqual(2)
    expect(asked.map(({ query }) => query.get('n'))).toEqual(asked.map(() => '1000'))
  })

  it('long, and names five of thousands', async () => {
    const tags = Array.from({ length: 50_000 }, (_, at) => `1.${at}`)
    await using server = await startListing({ [TAGS]: json(200, { tags }, { link: `<${TAGS}?last=z>; rel="next"` }) })
    const suggestion = await suggestImageAt(send, { server: server.url, login, image: { ...image, reference: '1.x5' } })
    expect(suggestion).toBe('Tags of team/app near "1.x5": "1.5", "1.15", "1.25", "1.35", "1.45".')
    expect(server.journal.filter(({ path }) => path === TAGS)).toHaveLength(1)
  })

  it('unreachable: nothing', async () => {
    expect(await suggestImageAt(send, { server: 'http://127.0.0.1:1', login, image })).toBeUndefined()
  })
})
