import { describe, expect, it } from 'vitest'
import { mask } from '../../../src/runner/mask.ts'
import { asksForPerson, excerptOf, withoutSecrets } from '../../../src/runner/program-output.ts'

describe('what looks like a secret is replaced', () => {
  it.each([
    ['refresh_token=abc', 'refresh_token=***'],
    ['token: s3cr3t', 'token: ***'],
    ['"access_token": "abc", "expires_in": 3600', '"access_token": "***", "expires_in": 3600'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer ***'],
    ['sent bearer abc', 'sent bearer ***'],
    ['AWS_SECRET_ACCESS_KEY=abc/def+', 'AWS_SECRET_ACCESS_KEY=***'],
    ["password='p w'", "password='*** w'"],
    ['client-secret=x&scope=y', 'client-secret=***&scope=y'],
    ['https://idp.example.com/cb?code=abc&state=1', 'https://idp.example.com/cb?code=***&state=1'],
    ['got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl', 'got ***'],
    ['got 0123456789abcdef0123456789abcdef', 'got ***'],
    ['got aGVsbG8gd29ybGQ/aGVsbG8gd29ybGQ+aGVsbG8gd29ybGQ=', 'got ***='],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nend', '***\nend'],
  ])('%s', (text, shown) => {
    expect(withoutSecrets(text)).toBe(shown)
  })
})

it.each([
  'could not reach https://login.microsoftonline.com/common/oauth2',
  'open /home/runner/.kube/cache/kubelogin: permission denied',
  'AADSTS700016: application was not found in the directory',
  'Unable to locate credentials. You can configure credentials by running "aws configure".',
  'exit code: 3, SERVICE_UNAVAILABLE_TEMPORARILY',
])('words, paths and addresses are not: %s', (text) => {
  expect(withoutSecrets(text)).toBe(text)
})

it('shows ten lines of up to 300 characters', () => {
  const text = Array.from({ length: 12 }, (_, index) => `${index} ${'no '.repeat(200)}`).join('\r\n')
  const lines = excerptOf(text)
  expect(lines).toHaveLength(11)
  expect(lines[0]).toHaveLength(301)
  expect(lines[10]).toBe('… (2 more lines)')
  expect(excerptOf('\n \n')).toEqual([])
})

it.each([
  ['a value that ends at a space', 'password=correct horse battery staple', ['password=***']],
  ['a line that is too long', `${'no '.repeat(98)}correct horse battery staple`, [`${'no '.repeat(98)}***`]],
  ['lines', 'got first half\n  second half', ['got ***']],
])('removes a masked secret before it cuts %s', (_, text, shown) => {
  mask('correct horse battery staple')
  mask('first half\n  second half')
  expect(excerptOf(text)).toEqual(shown)
})

it.each([
  ['To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ABC', true],
  ['Go to https://github.com/login/device and enter code: ABC', true],
  ['Please complete the device code flow', true],
  ['Please visit the following URL in your browser: http://localhost:8000', true],
  ['Attempting to automatically open the SSO authorization page in your default browser.', true],
  ['Go to the following link in your browser:', true],
  ['error: exit code 3', false],
  ['could not open the file\nno browser', false],
  ['could not read the device /dev/sda', false],
  ['no browser was found', false],
])('asks for a person: %s is %s', (text, expected) => {
  expect(asksForPerson(text)).toBe(expected)
})
