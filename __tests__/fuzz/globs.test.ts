import fc from 'fast-check'
import type { Cluster } from '../../src/kubernetes/client.ts'
import { chooseNamespaces } from '../../src/pull-secret/namespaces.ts'
import { matchesImage } from '../../src/registry/reference.ts'
import { expectSame, expectThat } from './expect.ts'
import { fuzz } from './fuzz.ts'
import { hostileText } from './hostile.ts'

/** Whether a glob matches, by a table of all prefixes: slow, and right by construction. `isInStar`: what a `*` may hold. */
function matchesSlowly(text: string, glob: string, isInStar: (character: string) => boolean): boolean {
  let row = [true, ...Array.from(text, () => false)]
  for (const wanted of glob) {
    const next = [wanted === '*' && row[0] === true]
    for (let index = 0; index < text.length; index++) {
      const character = text[index] ?? ''
      next.push(
        wanted === '*'
          ? row[index + 1] === true || (next[index] === true && isInStar(character))
          : row[index] === true && wanted === character,
      )
    }
    row = next
  }
  return row.at(-1) === true
}

const part = fc.constantFrom('a', 'b', 'ab', 'team-', '-', '*', '**', 'aa', 'aba')
const join = (parts: readonly string[]) => parts.join('')
const name = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'team-', '-', 'aa', 'aba'), { minLength: 1, maxLength: 8 })
  .map(join)
const glob = fc.array(part, { maxLength: 8 }).map(join)
const longName = fc.constantFrom('a'.repeat(63), 'ab'.repeat(31), `${'a'.repeat(62)}b`)
const longGlob = fc.constantFrom('*a'.repeat(30), `${'*a'.repeat(30)}b`, '*'.repeat(63), 'a*'.repeat(31))

function clusterWith(names: readonly string[]): Cluster {
  const items = names.map((one) => ({ metadata: { name: one } }))
  const response = { text: '', json: () => ({ kind: 'NamespaceList', items, metadata: {} }) }
  return { name: 'c', namespace: 'default', request: async () => response } as unknown as Cluster
}

fuzz('glob', 'a namespace pattern matches what a table of all prefixes matches', {
  share: 0.5,
  cases: fc.record({
    names: fc.array(fc.oneof({ weight: 9, arbitrary: name }, { weight: 1, arbitrary: longName }), { maxLength: 3 }),
    include: fc.oneof({ weight: 9, arbitrary: glob }, { weight: 1, arbitrary: longGlob }),
    exclude: fc.option(fc.oneof({ weight: 9, arbitrary: glob }, { weight: 1, arbitrary: longGlob })),
  }),
  check: async ({ names, include, exclude }) => {
    const patterns = [`*${include}`, ...(exclude === null ? [] : [`!${exclude}`])]
    const isMatch = (one: string, pattern: string) => matchesSlowly(one, pattern, () => true)
    const expected = [...new Set(names)].filter(
      (one) => isMatch(one, `*${include}`) && (exclude === null || !isMatch(one, exclude)),
    )
    const chosen = chooseNamespaces(clusterWith([...new Set(names)]), { patterns, selector: undefined })
    const found = await chosen.catch((error: { code?: string }) => {
      if (error.code !== 'namespace-not-found') throw error
      return { names: [] }
    })
    expectSame(found.names, expected.sort())
  },
})

const label = fc.constantFrom('a', 'b', 'ab', 'registry', '-', '.', '.a', 'aa', '1')
const host = fc.array(label, { minLength: 1, maxLength: 6 }).map((parts) => `${parts.join('')}.io`)
const hostGlob = fc
  .array(fc.oneof(label, fc.constantFrom('*', '**', '*a')), { minLength: 1, maxLength: 6 })
  .map((parts) => `${parts.join('')}.io`)
const longHost = fc.constantFrom(`${'a'.repeat(63)}.io`, `${'a.'.repeat(60)}io`, `${'a'.repeat(250)}.io`)
const longHostGlob = fc.constantFrom(`${'*a'.repeat(30)}b.io`, `${'*'.repeat(60)}b.io`, `${'*.'.repeat(60)}io`)
const paths = fc.constantFrom('', '/', '/team', '/team/', '/v1/', '/v2/team', '/v1')

fuzz('glob', 'a docker config entry matches a host as a table of all prefixes does', {
  share: 0.5,
  cases: fc.record({
    entry: fc.oneof({ weight: 9, arbitrary: hostGlob }, { weight: 1, arbitrary: longHostGlob }),
    image: fc.oneof({ weight: 9, arbitrary: host }, { weight: 1, arbitrary: longHost }),
    scheme: fc.constantFrom('', 'https://', 'http://'),
    path: paths,
  }),
  check: ({ entry, image, scheme, path }) => {
    const isHost = matchesSlowly(image, entry, (character) => character !== '.')
    const prefix = path.slice(1).replace(/^v[12]\//, '')
    const repository = 'team/app:1'
    const found = matchesImage(`${scheme}${entry}${path}`, `${image}/${repository}`)
    expectSame(found, isHost && repository.startsWith(prefix))
  },
})

fuzz('glob', 'any entry of a docker config is compared with any image', {
  share: 0.5,
  cases: fc.tuple(fc.oneof(hostileText, longHostGlob), fc.oneof(hostileText, longHost)),
  check: ([entry, image]) => {
    for (const one of [image, `${image}/app`])
      expectThat(typeof matchesImage(entry, one) === 'boolean', 'a boolean', one)
  },
})
