import fc from 'fast-check'
import { challengeOf, parseChallenges } from '../../src/registry/challenge.ts'
import { expectSame, expectThat } from './expect.ts'
import { fuzz } from './fuzz.ts'
import { editedText, hostileText } from './hostile.ts'

fuzz('challenge', 'any header is read as challenges with texts', {
  share: 0.5,
  cases: editedText([
    'Bearer realm="https://auth.example.com/token",service="registry.example.com",scope="repository:a/b:pull"',
    'Basic realm="Registry Realm"',
    'Bearer realm=https://a/, error="invalid_token" , Basic realm="a, \\"b\\""',
    'Negotiate, Bearer realm = "https://a/token" ,, service= "s"',
    'Bearer __proto__="x",constructor="y"',
  ]),
  check: (header) => {
    for (const { scheme, parameters } of parseChallenges(header)) {
      expectSame(scheme, scheme.toLowerCase())
      for (const value of Object.values(parameters)) expectThat(typeof value === 'string', 'a text', value)
    }
    challengeOf({ status: 401, headers: { 'www-authenticate': header } } as never)
  },
})

const token = fc.constantFrom('realm', 'service', 'scope', 'error', 'x-1')
// Header values have no line breaks.
const value = hostileText.map((text) => text.replace(/[\r\n\u2028\u2029]/g, ' '))
const challenge = fc.tuple(fc.constantFrom('bearer', 'basic', 'negotiate'), fc.dictionary(token, value, { maxKeys: 4 }))

fuzz('challenge', 'what a server quotes by RFC 9110 is read as it was', {
  share: 0.5,
  cases: fc.array(challenge, { maxLength: 3 }),
  check: (challenges) => {
    const header = challenges
      .map(([scheme, parameters]) => {
        const pairs = Object.entries(parameters).map(([name, text]) => `${name}="${text.replace(/["\\]/g, '\\$&')}"`)
        return [scheme, pairs.join(', ')].join(' ')
      })
      .join(', ')
    const read = parseChallenges(header).map(({ scheme, parameters }) => [scheme, { ...parameters }])
    expectSame(read, challenges)
  },
})
