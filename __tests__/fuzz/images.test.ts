import fc from 'fast-check'
import { InputError } from '../../src/core/errors.ts'
import { addImageError } from '../../src/inputs/image-problem.ts'
import { Reader } from '../../src/inputs/reader.ts'
import { fullImageName, readRegistry } from '../../src/inputs/registry.ts'
import { hostOf, namesHost, repositoryOf } from '../../src/registry/reference.ts'
import { expectSame, expectThat } from './expect.ts'
import { fuzz } from './fuzz.ts'
import { editedText } from './hostile.ts'

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`
const hosts = ['registry.example.com', 'us.icr.io', 'localhost', 'localhost:5000', '127.0.0.1:5000', '[fd00::1]:5000']
const paths = ['app', 'team/app', 'a/b/c-d__e', 'library/nginx']
const suffixes = ['', ':1', ':v1.2_3-x', `@${digest}`, `:1@${digest}`]
const whole = fc.record({
  host: fc.constantFrom(...hosts),
  path: fc.constantFrom(...paths),
  suffix: fc.constantFrom(...suffixes),
})

fuzz('image', 'any text has a host and a repository', {
  share: 0.4,
  cases: editedText(hosts.flatMap((host) => [`${host}/team/app:1@${digest}`, `${host}/app`, `team/app:latest`])),
  check: (image) => {
    const named = namesHost(image)
    expectThat(image.startsWith(named ? `${hostOf(image)}/` : '') && hostOf(image) !== '', 'with its host', image)
    expectThat(image.startsWith(repositoryOf(image)) || image.includes('\n'), 'with its repository', image)
    // The whole name is a fixed point, for all that the input `image` accepts.
    if (!/^[\w./:@-]+$/.test(image)) return
    const full = fullImageName(image, 'registry.example.com')
    expectSame([fullImageName(full, 'other.example.com'), namesHost(full)], [full, true])
  },
})

fuzz('image', 'the parts of a valid reference are found again', {
  share: 0.3,
  cases: whole,
  check: ({ host, path, suffix }) => {
    const image = `${host}/${path}${suffix}`
    expectSame([hostOf(image), repositoryOf(image), namesHost(image)], [host, `${host}/${path}`, true])
    expectSame(fullImageName(`${path}${suffix}`, host), `${image}${suffix === '' ? ':latest' : ''}`)
  },
})

const credential = { provider: 'static', password: 'x' } as const

fuzz('image', 'the input `verify-image` is a valid reference or an input error', {
  share: 0.3,
  cases: editedText([`team/app:1`, `registry.example.com/team/app@${digest}`, `us.icr.io/a/b:1@${digest}`, 'a']),
  check: (text) => {
    const read = new Reader({ 'INPUT_DOCKER-SERVER': 'registry.example.com', 'INPUT_VERIFY-IMAGE': text })
    const { image } = readRegistry(read, credential)
    if (text.trim() === '') return
    if (image === undefined) addImageError(read, ['registry.example.com'])
    expectSame(
      read.errors().map((error) => error instanceof InputError && error.input),
      image === undefined ? ['verify-image'] : [],
    )
    if (image === undefined) return
    expectThat(/^[a-z0-9][a-z0-9._/-]*$/.test(image.repository), 'a repository', image.repository)
    expectThat(/^[\w:.+-]+$/.test(image.reference), 'a tag or digest', image.reference)
  },
})
