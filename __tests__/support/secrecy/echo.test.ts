import { expect, it } from 'vitest'
import { echo } from './echo.ts'
import { KnownSecrets } from './known-secrets.ts'

it('repeats each credential in every encoding, as an error of a server', () => {
  const { status, body } = echo(['p"ss <word>', 'other secret'], 400)
  const { message } = JSON.parse(String(body))
  expect(status).toBe(400)
  for (const form of [
    'p"ss <word>',
    'p%22ss%20%3Cword%3E',
    'p%22ss+%3cword%3e',
    'p\\"ss \\u003cword\\u003e',
    'other+secret',
  ])
    expect(message).toContain(form)
  for (const form of ['p&quot;ss &lt;word&gt;', btoa('p"ss <word>, more'), btoa('uother secret, more')])
    expect(message).toContain(form)
  const secrets = new KnownSecrets()
  secrets.addAll(['p"ss <word>', 'other secret'], 'test')
  expect(secrets.find(message)).toHaveLength(2)
})
